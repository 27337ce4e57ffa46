import * as z from 'zod';
import { fittingAnswer } from '../answer-size.ts';
import { dayOf } from '../runtimes/calendar.ts';
import { successorOf } from '../runtimes/family.ts';
import {
  compareUrgency,
  DEFAULT_WITHIN_DAYS,
  RUNTIME_STATUSES,
  type RuntimeStatus,
  statusOf,
} from '../runtimes/status.ts';
import { findRuntime, type RuntimeTable } from '../runtimes/table.ts';
import { decodeOffset, encodeOffset } from './cursor.ts';
import { defineTool, READS } from './define-tool.ts';
import { describeSource, runtimeSource, sourceLine } from './runtime-source-output.ts';

const runtimeRow = z.object({
  runtime: z.string(),
  status: z.enum(RUNTIME_STATUSES),
  deprecated: z.string().nullable(),
  createBlocked: z.string().nullable(),
  updateBlocked: z.string().nullable(),
  successor: z.string().nullable(),
});
type RuntimeRow = z.infer<typeof runtimeRow>;

export const getRuntimesInfo = defineTool({
  name: 'get-runtimes-info',
  title: 'Lambda runtimes and their dates',
  description:
    'Every AWS Lambda runtime with its deprecation and block dates, its status today and the ' +
    'recommended successor, the most urgent first. Dates are YYYY-MM-DD; null means not scheduled. ' +
    'Needs no AWS credentials.',
  inputSchema: z.strictObject({
    runtime: z.string().max(64).optional().describe('Only this runtime, for example nodejs20.x'),
    status: z.enum(RUNTIME_STATUSES).optional(),
    withinDays: z
      .number()
      .int()
      .min(0)
      .max(3650)
      .default(DEFAULT_WITHIN_DAYS)
      .describe('A runtime deprecated within so many days counts as deprecating-soon'),
    cursor: z.string().max(200).optional(),
  }),
  outputSchema: z.object({
    today: z.string(),
    source: runtimeSource,
    totals: z.partialRecord(z.enum(RUNTIME_STATUSES), z.number().int()),
    runtimes: z.array(runtimeRow),
    nextCursor: z.string().optional(),
  }),
  annotations: READS,
  needsWrites: false,

  async run({ runtime, status, withinDays, cursor }, context) {
    const table = await context.runtimes();
    const today = dayOf(context.now());
    const source = describeSource(table, context.now());
    const rows = rowsOf(table, runtime, today, withinDays).filter(
      (row) => status === undefined || row.status === status,
    );
    const offset = decodeOffset(cursor, rows.length);
    return fittingAnswer(rows.length - offset, (count) => {
      const runtimes = rows.slice(offset, offset + count);
      const next = offset + count;
      const data = {
        today,
        source,
        totals: countStatuses(rows),
        runtimes,
        ...(next < rows.length ? { nextCursor: encodeOffset(next) } : {}),
      };
      return { text: summary(rows, today, sourceLine(source)), data };
    });
  },
});

function rowsOf(
  table: RuntimeTable,
  runtime: string | undefined,
  today: string,
  withinDays: number,
): RuntimeRow[] {
  const identifiers =
    runtime === undefined ? table.runtimes.map(({ identifier }) => identifier) : [runtime];
  return identifiers
    .map((identifier) => {
      const dates = findRuntime(table, identifier);
      return {
        runtime: identifier,
        status: statusOf(dates, today, withinDays),
        deprecated: dates?.deprecated ?? null,
        createBlocked: dates?.createBlocked ?? null,
        updateBlocked: dates?.updateBlocked ?? null,
        successor: successorOf(identifier, table, today),
      };
    })
    .sort(
      (left, right) =>
        compareUrgency(left.status, right.status) ||
        (left.deprecated ?? '9999').localeCompare(right.deprecated ?? '9999') ||
        left.runtime.localeCompare(right.runtime),
    );
}

/** How many rows have each status; statuses without a row are left out. */
export function countStatuses(
  rows: readonly { status: RuntimeStatus }[],
): Partial<Record<RuntimeStatus, number>> {
  const counts: Partial<Record<RuntimeStatus, number>> = {};
  for (const { status } of rows) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

function summary(rows: RuntimeRow[], today: string, source: string): string {
  const counts = Object.entries(countStatuses(rows)).map(([status, count]) => `${count} ${status}`);
  const soon = rows
    .filter(({ status }) => status === 'deprecating-soon')
    .map(({ runtime, deprecated }) => `${runtime} on ${deprecated}`);
  return [
    `${rows.length} runtimes on ${today}: ${counts.join(', ')}.`,
    ...(soon.length > 0 ? [`Next to go: ${soon.join(', ')}.`] : []),
    source,
  ].join('\n');
}
