import type { RuntimeDates, RuntimeTable } from './table.ts';

/** What differs between two tables, a line for each, for a person to read. */
export function differences(
  before: readonly RuntimeDates[],
  after: readonly RuntimeDates[],
): string[] {
  const old = new Map(before.map((runtime) => [runtime.identifier, runtime]));
  return after.flatMap((runtime) => {
    const known = old.get(runtime.identifier);
    if (known === undefined) return [`${runtime.identifier}: new`];
    return (['deprecated', 'createBlocked', 'updateBlocked'] as const)
      .filter((date) => known[date] !== runtime[date])
      .map((date) => `${runtime.identifier}: ${date} ${known[date]} -> ${runtime[date]}`);
  });
}

/** The snapshot file, in alphabetical order and as the formatter writes it. */
export function snapshotText({ asOf, runtimes }: RuntimeTable): string {
  const sorted = [...runtimes].sort((left, right) => (left.identifier < right.identifier ? -1 : 1));
  return `${JSON.stringify({ asOf, runtimes: sorted }, null, 2)}\n`;
}
