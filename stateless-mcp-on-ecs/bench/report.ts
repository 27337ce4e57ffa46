import type { EraName } from './calls.ts';

/** What was measured of one server and one call: medians of the rounds. */
export interface Row {
  readonly era: EraName;
  readonly call: string;
  readonly name: string;
  readonly kind: 'floor' | 'sample' | 'peer';
  readonly requestsPerSecond: number;
  readonly p99Ms: number;
}

const HEAD = ['era', 'call', 'server', 'requests/s', '/ floor', '/ best peer', 'p99 ms'];
const WIDTHS = [8, 12, 15, 11, 9, 13, 8];
const TEXT_COLUMNS = 3;

/** One line per server and call, with its ratios to the floor and to the best peer at that call. */
export function tableOf(rows: readonly Row[]): string {
  const lines = rows.map((row) => {
    const rivals = rows.filter(({ era, call }) => era === row.era && call === row.call);
    return line([
      row.era,
      row.call,
      row.name,
      row.requestsPerSecond.toFixed(0),
      (row.requestsPerSecond / best(rivals, 'floor')).toFixed(2),
      (row.requestsPerSecond / best(rivals, 'peer')).toFixed(2),
      row.p99Ms.toFixed(1),
    ]);
  });
  return [line(HEAD), ...lines, ''].join('\n');
}

function best(rows: readonly Row[], kind: Row['kind']): number {
  const ofKind = rows.filter((row) => row.kind === kind);
  return Math.max(...ofKind.map(({ requestsPerSecond }) => requestsPerSecond));
}

function line(cells: readonly string[]): string {
  return cells
    .map((cell, column) => {
      const width = WIDTHS[column] ?? 0;
      return column < TEXT_COLUMNS ? cell.padEnd(width) : cell.padStart(width);
    })
    .join('');
}
