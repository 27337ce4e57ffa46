interface Row {
  calls: number;
  completed: number;
  /** Calls that a second task has run again; the table tells. */
  rerun: number;
  unknown: number;
  /** Times that a client sent a call again: it had no answer, or 503. */
  repeated: number;
  /** Calls without an answer that may not be repeated. */
  unanswered: number;
  errors: number;
  duplicates: number;
  notFound: number;
  /** From the loss of a task to the answer, for calls whose stream broke. Milliseconds. */
  readonly recoveries: number[];
}

const COLUMNS = {
  calls: 7,
  completed: 11,
  rerun: 8,
  unknown: 9,
  repeated: 10,
  unanswered: 12,
  errors: 8,
  duplicates: 12,
  notFound: 6,
} as const;
const TITLES: Record<keyof typeof COLUMNS, string> = {
  calls: 'calls',
  completed: 'completed',
  rerun: 're-run',
  unknown: 'unknown',
  repeated: 'repeated',
  unanswered: 'unanswered',
  errors: 'errors',
  duplicates: 'duplicates',
  notFound: '404s',
};

/** What a soak has seen. */
export class SoakReport {
  lostNotes = 0;
  strangeNotes = 0;
  hanging = 0;
  progressBack = 0;
  missedUpdates = 0;
  readonly #losses: string[] = [];
  readonly #rows = new Map<string, Row>();
  readonly #errors = new Map<string, number>();
  #lostAt = 0;

  /** A task is being taken away now. */
  lose(task: string, signal: string): void {
    this.#lostAt = Date.now();
    this.#losses.push(`${task} ${signal}`);
  }

  count(what: string, column: keyof typeof COLUMNS, by = 1): void {
    this.#row(what)[column] += by;
  }

  /** A call whose stream broke has ended. */
  recovered(what: string, startedAt: number): void {
    this.#row(what).recoveries.push(Date.now() - Math.max(startedAt, this.#lostAt));
  }

  failed(what: string, error: string): void {
    this.count(what, 'errors');
    const text = `${what}: ${error.slice(0, 160)}`;
    this.#errors.set(text, (this.#errors.get(text) ?? 0) + 1);
  }

  /** Prints it; returns how many of the promises did not hold. */
  print(log: (line: string) => void): number {
    const columns = Object.entries(COLUMNS).map(([column, width]) => {
      // `as`: entries forget the type of the key.
      return { column: column as keyof typeof COLUMNS, width };
    });
    const titles = columns.map(({ column, width }) => TITLES[column].padStart(width));
    log(`  ${'tool'.padEnd(19)}${titles.join('')}   recovery p50, p99, max`);
    const rows = [...this.#rows].sort(([one], [other]) => one.localeCompare(other));
    for (const [what, row] of rows) {
      const counts = columns.map(({ column, width }) => String(row[column]).padStart(width));
      log(`  ${what.padEnd(19)}${counts.join('')}   ${quantiles(row.recoveries)}`);
    }
    for (const [text, count] of this.#errors) log(`    ${count} × ${text}`);
    log(`  tasks lost: ${this.#losses.length} (${this.#losses.join(', ')})`);
    const total = (column: keyof typeof COLUMNS) =>
      rows.reduce((sum, [, row]) => sum + row[column], 0);
    const zeros = {
      duplicates: total('duplicates'),
      '404s seen': total('notFound'),
      'lost notes': this.lostNotes,
      'notes out of nowhere': this.strangeNotes,
      'hanging calls': this.hanging,
      'progress that went back': this.progressBack,
      'sessions without any update': this.missedUpdates,
      errors: total('errors'),
      // A tool that may run once is never run twice.
      're-runs of add-note': this.#row('add-note').rerun,
    };
    const zeroTexts = Object.entries(zeros).map(([name, count]) => `${count} ${name}`);
    log(`  ${zeroTexts.join(', ')}`);
    const broken = Object.values(zeros).filter((count) => count > 0).length;
    return broken + (total('completed') > 0 ? 0 : 1);
  }

  #row(what: string): Row {
    const row = this.#rows.get(what) ?? {
      calls: 0,
      completed: 0,
      rerun: 0,
      unknown: 0,
      repeated: 0,
      unanswered: 0,
      errors: 0,
      duplicates: 0,
      notFound: 0,
      recoveries: [],
    };
    this.#rows.set(what, row);
    return row;
  }
}

function quantiles(times: number[]): string {
  if (times.length === 0) return 'none was interrupted';
  const sorted = times.sort((one, other) => one - other);
  const at = (share: number) =>
    ((sorted[Math.floor((sorted.length - 1) * share)] ?? 0) / 1000).toFixed(1);
  return `${at(0.5)}, ${at(0.99)}, ${at(1)} s of ${sorted.length}`;
}
