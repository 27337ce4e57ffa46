import * as z from 'zod';
import { fittingAnswer } from '../answer-size.ts';
import type { Aws } from '../aws/aws.ts';
import { type FunctionRow, functionRow, type Judgement, toRow } from '../fleet/function-row.ts';
import { LAMBDA_PAGE_SIZE } from '../fleet/scan.ts';
import { dayOf } from '../runtimes/calendar.ts';
import { DEFAULT_WITHIN_DAYS, RUNTIME_STATUSES } from '../runtimes/status.ts';
import { regionArgument } from '../upgrade/function-ref.ts';
import { decodePosition, encodePosition, type Position } from './cursor.ts';
import { defineTool, READS } from './define-tool.ts';
import { describeSource, runtimeSource, sourceLine } from './runtime-source-output.ts';

/** Rows in an answer at most; the size of the answer may allow fewer. */
const MAX_ROWS = 50;
/** A filter that matches little must not read a whole region for one answer. */
const MAX_AWS_PAGES = 20;

export const listFunctions = defineTool({
  name: 'list-functions',
  title: 'List Lambda functions',
  description:
    'One page of the Lambda functions of one region, filtered by runtime, status, name or package ' +
    'type. Container images have no runtime and the status unknown. For deprecated functions over ' +
    'all regions use find-deprecated-functions.',
  inputSchema: z.strictObject({
    region: regionArgument,
    runtime: z.string().max(64).optional().describe('For example python3.9'),
    status: z.enum(RUNTIME_STATUSES).optional(),
    nameContains: z.string().min(1).max(140).optional().describe('Part of the name, any case'),
    packageType: z.enum(['Zip', 'Image']).optional(),
    allVersions: z.boolean().default(false).describe('Also published versions, not only $LATEST'),
    withinDays: z.number().int().min(0).max(3650).default(DEFAULT_WITHIN_DAYS),
    cursor: z.string().max(8_000).optional().describe('nextCursor of the page before'),
  }),
  outputSchema: z.object({
    region: z.string(),
    count: z.number().int().describe('Functions in this answer'),
    source: runtimeSource,
    functions: z.array(functionRow),
    nextCursor: z.string().optional(),
  }),
  annotations: READS,
  needsWrites: false,

  async run({ cursor, ...input }, context) {
    const [aws, table] = await Promise.all([context.aws(), context.runtimes()]);
    const region = input.region ?? (await aws.homeRegion());
    const question = { ...input, region };
    const judgement = { table, today: dayOf(context.now()), withinDays: input.withinDays };
    const start = decodePosition(cursor, question);
    const page = await collect(aws, { ...input, region }, judgement, start, context.signal);
    const source = describeSource(table, context.now());
    return fittingAnswer(page.rows.length, (count) => {
      const next = count < page.rows.length ? page.places[count] : page.next;
      const data = {
        region,
        count,
        source,
        functions: page.rows.slice(0, count),
        ...(next === undefined ? {} : { nextCursor: encodePosition(next, question) }),
      };
      const more = next === undefined ? 'That is all.' : 'More follow: pass nextCursor as cursor.';
      return { text: `${count} functions in ${region}. ${more}\n${sourceLine(source)}`, data };
    });
  },
});

interface Filter {
  readonly region: string;
  readonly runtime?: string | undefined;
  readonly status?: string | undefined;
  readonly nameContains?: string | undefined;
  readonly packageType?: string | undefined;
  readonly allVersions: boolean;
}

interface Collected {
  rows: FunctionRow[];
  /** Where each row stands, so that a shorter page can go on exactly there. */
  places: Position[];
  next: Position | undefined;
}

async function collect(
  aws: Aws,
  filter: Filter,
  judgement: Judgement,
  start: Position,
  signal: AbortSignal,
): Promise<Collected> {
  const collected: Collected = { rows: [], places: [], next: start };
  for (let read = 0; read < MAX_AWS_PAGES && collected.next !== undefined; read += 1) {
    const { marker, skip } = collected.next;
    signal.throwIfAborted();
    const page = await aws.listFunctions(filter.region, {
      Marker: marker,
      MaxItems: LAMBDA_PAGE_SIZE,
      ...(filter.allVersions ? { FunctionVersion: 'ALL' } : {}),
    });
    const functions = page.Functions ?? [];
    for (let index = skip; index < functions.length; index += 1) {
      const row = toRow(functions[index] ?? {}, filter.region, judgement);
      if (!matches(row, filter)) continue;
      if (collected.rows.length === MAX_ROWS) {
        collected.next = place(marker, index);
        return collected;
      }
      collected.rows.push(row);
      collected.places.push(place(marker, index));
    }
    collected.next = page.NextMarker ? place(page.NextMarker, 0) : undefined;
  }
  return collected;
}

function place(marker: string | undefined, skip: number): Position {
  return marker === undefined ? { skip } : { marker, skip };
}

function matches(row: FunctionRow, filter: Filter): boolean {
  const name = filter.nameContains?.toLowerCase();
  return (
    (filter.runtime === undefined || row.runtime === filter.runtime) &&
    (filter.status === undefined || row.status === filter.status) &&
    (filter.packageType === undefined || row.packageType === filter.packageType) &&
    (name === undefined || row.functionName.toLowerCase().includes(name))
  );
}
