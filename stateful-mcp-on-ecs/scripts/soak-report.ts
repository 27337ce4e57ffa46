interface Row {
  completed: number;
  repeated: number;
  unknown: number;
  unanswered: number;
  failed: number;
}

/** What a soak has seen. */
export class SoakReport {
  duplicates = 0;
  notFound = 0;
  lostNotes = 0;
  strangeNotes = 0;
  hanging = 0;
  progressBack = 0;
  missedUpdates = 0;
  readonly losses: string[] = [];
  readonly #rows = new Map<string, Row>();
  readonly #errors = new Map<string, number>();
  readonly #recoveries: number[] = [];
  #lostAt = 0;

  /** A task is being taken away now. */
  lose(task: string, signal: string): void {
    this.#lostAt = Date.now();
    this.losses.push(`${task} ${signal}`);
  }

  completed(what: string, startedAt: number, tries: number): void {
    this.#row(what).completed += 1;
    if (tries > 1) this.#row(what).repeated += 1;
    this.#recover(startedAt);
  }

  unknown(what: string, startedAt: number): undefined {
    this.#row(what).unknown += 1;
    this.#recover(startedAt);
  }

  unanswered(what: string): undefined {
    this.#row(what).unanswered += 1;
  }

  failed(what: string, error: string): undefined {
    this.#row(what).failed += 1;
    const text = `${what}: ${error.slice(0, 160)}`;
    this.#errors.set(text, (this.#errors.get(text) ?? 0) + 1);
  }

  /** Prints it; returns whether all that is promised held. */
  print(log: (line: string) => void): boolean {
    log('  tool                  completed  repeated  unknown  unanswered  errors');
    for (const [what, row] of [...this.#rows].sort()) {
      const { completed, repeated, unknown, unanswered, failed } = row;
      log(
        `  ${what.padEnd(20)} ${pad(completed, 10)} ${pad(repeated, 9)} ${pad(unknown, 8)} ` +
          `${pad(unanswered, 11)} ${pad(failed, 7)}`,
      );
    }
    for (const [text, count] of this.#errors) log(`    ${count} × ${text}`);
    const sorted = this.#recoveries.sort((one, two) => one - two);
    const at = (share: number) => sorted[Math.floor((sorted.length - 1) * share)] ?? 0;
    log(`  tasks lost            ${this.losses.length} (${this.losses.join(', ')})`);
    log(
      `  calls that met a loss ${sorted.length}; from the loss to the answer: ` +
        `p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, max ${at(1)} ms`,
    );
    const zeros = {
      duplicates: this.duplicates,
      '404s seen': this.notFound,
      'lost notes': this.lostNotes,
      'notes out of nowhere': this.strangeNotes,
      'hanging calls': this.hanging,
      'progress that went back': this.progressBack,
      'sessions without any update': this.missedUpdates,
      errors: [...this.#rows.values()].reduce((sum, { failed }) => sum + failed, 0),
    };
    log(
      `  ${Object.entries(zeros)
        .map(([name, count]) => `${count} ${name}`)
        .join(', ')}`,
    );
    return Object.values(zeros).every((count) => count === 0);
  }

  #row(what: string): Row {
    const row = this.#rows.get(what) ?? {
      completed: 0,
      repeated: 0,
      unknown: 0,
      unanswered: 0,
      failed: 0,
    };
    this.#rows.set(what, row);
    return row;
  }

  /** Counts a call that was under way when the last task was lost. */
  #recover(startedAt: number): void {
    if (startedAt <= this.#lostAt) this.#recoveries.push(Date.now() - this.#lostAt);
  }
}

function pad(count: number, width: number): string {
  return String(count).padStart(width);
}
