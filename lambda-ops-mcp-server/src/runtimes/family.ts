import { isPastDeprecation, statusOf } from './status.ts';
import { findRuntime, type RuntimeDates, type RuntimeTable } from './table.ts';

/** Families whose runtimes end, and the family that takes their functions. */
const NEXT_FAMILY: Record<string, string> = { dotnetcore: 'dotnet', go: 'provided' };

/** The family a runtime upgrades within: `nodejs`, `python`, `java`, `dotnet`, `ruby`, `provided`. */
export function familyOf(identifier: string): string {
  const name = /^[a-z]+/.exec(identifier)?.[0] ?? identifier;
  return NEXT_FAMILY[name] ?? name;
}

/** Orders runtimes of one family from old to new; Go 1 comes before everything it can move to. */
export function compareAge(left: string, right: string): number {
  const [a, b] = [ageKey(left), ageKey(right)];
  const length = Math.max(a.length, b.length);
  for (let index = 0; index < length; index += 1) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** The newest runtime of the family that is not deprecated, or null when there is nothing newer. */
export function successorOf(identifier: string, table: RuntimeTable, today: string): string | null {
  const newest = table.runtimes
    .filter((runtime) => familyOf(runtime.identifier) === familyOf(identifier))
    .filter((runtime) => isTarget(runtime, today))
    .sort((left, right) => compareAge(right.identifier, left.identifier))[0];
  if (newest === undefined || compareAge(newest.identifier, identifier) <= 0) return null;
  return newest.identifier;
}

/** Whether a function may be moved to this runtime today. */
export function isTarget(runtime: RuntimeDates, today: string): boolean {
  return runtime.containerOnly !== true && !isPastDeprecation(statusOf(runtime, today));
}

/** The runtimes of a family that a function may be moved to, the newest first. */
export function targetsFor(identifier: string, table: RuntimeTable, today: string): string[] {
  return table.runtimes
    .filter((runtime) => familyOf(runtime.identifier) === familyOf(identifier))
    .filter((runtime) => isTarget(runtime, today) && runtime.identifier !== identifier)
    .map((runtime) => runtime.identifier)
    .sort((left, right) => compareAge(right, left));
}

/** Whether Lambda still lets a function be set to this runtime; unknown runtimes are left to Lambda. */
export function canBeSet(identifier: string, table: RuntimeTable, today: string): boolean {
  return statusOf(findRuntime(table, identifier), today) !== 'update-blocked';
}

function ageKey(identifier: string): number[] {
  if (identifier.startsWith('go')) return [-1];
  return (identifier.match(/\d+/g) ?? []).map(Number);
}
