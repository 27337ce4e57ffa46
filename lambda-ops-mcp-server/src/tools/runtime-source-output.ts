import * as z from 'zod';
import { dayOf, daysBetween } from '../runtimes/calendar.ts';
import type { RuntimeTable } from '../runtimes/table.ts';

/** Which table the dates in an answer are from. */
export const runtimeSource = z.object({
  kind: z.enum(['live', 'snapshot']),
  asOf: z.string().describe("Day on which the table was read from AWS's page"),
  ageDays: z.number().int(),
  problem: z.string().optional().describe('Why the live page was not used, or what is odd in it'),
});

/** Where the dates come from, and how old they are. */
export function describeSource(table: RuntimeTable, now: Date): z.infer<typeof runtimeSource> {
  return {
    kind: table.source,
    asOf: table.asOf,
    ageDays: daysBetween(table.asOf, dayOf(now)),
    ...(table.problem === undefined ? {} : { problem: table.problem }),
  };
}

/** The same as the last line of an answer's text. */
export function sourceLine({
  kind,
  asOf,
  ageDays,
  problem,
}: z.infer<typeof runtimeSource>): string {
  const name =
    kind === 'live' ? "AWS's page" : `the snapshot in this package (${ageDays} days old)`;
  return `Dates from ${name}, as of ${asOf}${problem === undefined ? '' : `; ${problem}`}.`;
}
