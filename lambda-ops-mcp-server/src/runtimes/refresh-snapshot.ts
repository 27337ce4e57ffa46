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

/** The snapshot file: a line for each runtime, in alphabetical order. */
export function snapshotText({ asOf, runtimes }: RuntimeTable): string {
  const rows = [...runtimes]
    .sort((left, right) => (left.identifier < right.identifier ? -1 : 1))
    .map((runtime) => `    ${JSON.stringify(runtime)}`);
  return `{\n  "asOf": "${asOf}",\n  "runtimes": [\n${rows.join(',\n')}\n  ]\n}\n`;
}
