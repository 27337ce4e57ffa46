import { addDays } from './calendar.ts';
import type { RuntimeDates } from './table.ts';

/** Every status, the most urgent first. */
export const RUNTIME_STATUSES = [
  'update-blocked',
  'create-blocked',
  'deprecated',
  'deprecating-soon',
  'supported',
  'unknown',
] as const;
export type RuntimeStatus = (typeof RUNTIME_STATUSES)[number];

export const DEFAULT_WITHIN_DAYS = 180;

/**
 * A runtime's status on a day. Each date counts from its own day on, and the furthest block reached
 * names the status, because AWS's old rows do not all have their dates in order.
 */
export function statusOf(
  dates: RuntimeDates | undefined,
  today: string,
  withinDays = DEFAULT_WITHIN_DAYS,
): RuntimeStatus {
  if (dates === undefined) return 'unknown';
  if (isReached(dates.updateBlocked, today)) return 'update-blocked';
  if (isReached(dates.createBlocked, today)) return 'create-blocked';
  if (isReached(dates.deprecated, today)) return 'deprecated';
  return isReached(dates.deprecated, addDays(today, withinDays)) ? 'deprecating-soon' : 'supported';
}

/** Whether a runtime has passed its deprecation date, blocked or not. */
export function isPastDeprecation(status: RuntimeStatus): boolean {
  return status === 'deprecated' || status === 'create-blocked' || status === 'update-blocked';
}

/** Orders statuses, the most urgent first. */
export function compareUrgency(left: RuntimeStatus, right: RuntimeStatus): number {
  return RUNTIME_STATUSES.indexOf(left) - RUNTIME_STATUSES.indexOf(right);
}

/** The next date on which something is taken away, or the last one passed; null when none is set. */
export function deadlineOf(dates: RuntimeDates | undefined, today: string): string | null {
  const days = [dates?.deprecated, dates?.createBlocked, dates?.updateBlocked]
    .filter((day) => typeof day === 'string')
    .sort();
  return days.find((day) => day > today) ?? days.at(-1) ?? null;
}

function isReached(day: string | null, today: string): boolean {
  return day !== null && day <= today;
}
