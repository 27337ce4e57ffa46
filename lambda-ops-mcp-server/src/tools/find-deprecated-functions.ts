import * as z from 'zod';
import { fittingAnswer } from '../answer-size.ts';
import { enrich, enrichedRow } from '../fleet/enrich.ts';
import { enabledRegions } from '../fleet/regions.ts';
import { type Scan, scanFleet } from '../fleet/scan.ts';
import { dayOf } from '../runtimes/calendar.ts';
import { DEFAULT_WITHIN_DAYS } from '../runtimes/status.ts';
import { regionInput } from '../upgrade/function-ref.ts';
import { defineTool, READS, type ToolContext, ToolError } from './define-tool.ts';
import { describeSource, runtimeSource, sourceLine } from './runtime-source-output.ts';
import { failedRegions, groupByReason, scanTotals, summary, totalsOf } from './scan-report.ts';

/** Rows in an answer at most: each one costs two calls for its owner and aliases. */
const MAX_ROWS = 25;

export const findDeprecatedFunctions = defineTool({
  name: 'find-deprecated-functions',
  title: 'Find functions on deprecated runtimes',
  description:
    'Scan the fleet for functions on deprecated or blocked runtimes, the most urgent first: all ' +
    'enabled regions, or those named. With withinDays also functions whose runtime will be ' +
    'deprecated within that many days. Totals cover the whole fleet; rows come in pages.',
  inputSchema: z.strictObject({
    regions: z
      .array(regionInput)
      .min(1)
      .max(50)
      .optional()
      .describe('All regions enabled for the account where it is left out'),
    withinDays: z
      .number()
      .int()
      .min(0)
      .max(3650)
      .optional()
      .describe('Also runtimes that will be deprecated within so many days; 180 is half a year'),
    allVersions: z
      .boolean()
      .default(false)
      .describe('Also published versions, which keep their runtime and which aliases run'),
    withLastInvoked: z
      .boolean()
      .default(false)
      .describe('Also the last day of an invocation (CloudWatch; costs a little)'),
    cursor: z.string().max(200).optional().describe('nextCursor of the page before'),
  }),
  outputSchema: z.object({
    totals: scanTotals,
    failedRegions: z.array(failedRegions).describe('Regions that are missing from the totals'),
    incomplete: z.array(z.string()).describe('Why details of the rows are missing'),
    source: runtimeSource,
    functions: z.array(enrichedRow),
    nextCursor: z.string().optional(),
  }),
  annotations: READS,
  needsWrites: false,

  async run(input, context) {
    const { scanId, scan, offset } = await continued(input, context);
    const wanted = scan.findings.slice(offset, offset + MAX_ROWS);
    const { rows, reasons } = await enrich(await context.aws(), wanted, {
      withLastInvoked: input.withLastInvoked,
      now: context.now(),
    });
    const source = describeSource(await context.runtimes(), context.now());
    const fixed = {
      totals: totalsOf(scan),
      failedRegions: groupByReason(scan),
      incomplete: reasons.slice(0, 3),
      source,
    };
    return fittingAnswer(rows.length, (count) => {
      const next = offset + count;
      const isMore = next < scan.findings.length;
      const data = {
        ...fixed,
        functions: rows.slice(0, count),
        ...(isMore ? { nextCursor: `${scanId}.${next}` } : {}),
      };
      return { text: summary(fixed, data.functions, offset, sourceLine(source)), data };
    });
  },
});

interface Input {
  readonly regions?: string[] | undefined;
  readonly withinDays?: number | undefined;
  readonly allVersions: boolean;
  readonly cursor?: string | undefined;
}

/** The scan a cursor goes on in, or a new one. */
async function continued(input: Input, context: ToolContext) {
  if (input.cursor === undefined) {
    const scan = await scanNow(input, context);
    return { scanId: context.scans.keep(scan), scan, offset: 0 };
  }
  const [scanId = '', offset = ''] = input.cursor.split('.');
  const scan = context.scans.find(scanId);
  if (scan === undefined || !/^\d{1,9}$/.test(offset)) {
    throw new ToolError(
      'This cursor is unknown or older than 15 minutes. Call find-deprecated-functions without ' +
        'cursor to scan again.',
    );
  }
  return { scanId, scan, offset: Number(offset) };
}

async function scanNow(input: Input, context: ToolContext): Promise<Scan> {
  const [aws, table] = await Promise.all([context.aws(), context.runtimes()]);
  const regions = [...new Set(input.regions ?? (await enabledRegions(aws)))];
  await context.reportProgress(0, regions.length, `Scanning ${regions.length} regions`);
  return scanFleet({
    aws,
    regions,
    judgement: {
      table,
      today: dayOf(context.now()),
      withinDays: input.withinDays ?? DEFAULT_WITHIN_DAYS,
    },
    includesSoon: input.withinDays !== undefined,
    allVersions: input.allVersions,
    signal: context.signal,
    onRegionDone: (done, message) => context.reportProgress(done, regions.length, message),
  });
}
