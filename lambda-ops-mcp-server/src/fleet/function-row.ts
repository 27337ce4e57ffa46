import type { FunctionConfiguration } from '@aws-sdk/client-lambda';
import * as z from 'zod';
import { deadlineOf, RUNTIME_STATUSES, statusOf } from '../runtimes/status.ts';
import { findRuntime, type RuntimeTable } from '../runtimes/table.ts';

/** One function, or one version of it, as the fleet tools show it. */
export const functionRow = z.object({
  functionName: z.string(),
  region: z.string(),
  version: z.string().describe('`$LATEST` or a published version'),
  runtime: z.string().nullable().describe('null for a container image'),
  status: z.enum(RUNTIME_STATUSES),
  deadline: z
    .string()
    .nullable()
    .describe('The next date on which AWS takes something away, or the last one passed'),
  packageType: z.enum(['Zip', 'Image']),
  lastModified: z.string().nullable().describe('Day of the last change'),
});
export type FunctionRow = z.infer<typeof functionRow>;

/** How a runtime is judged: by which table, on which day, and how far ahead to look. */
export interface Judgement {
  readonly table: RuntimeTable;
  readonly today: string;
  readonly withinDays: number;
}

/** Describes a function and judges its runtime. */
export function toRow(
  config: FunctionConfiguration,
  region: string,
  judgement: Judgement,
): FunctionRow {
  return {
    functionName: config.FunctionName ?? '',
    region,
    version: config.Version ?? '$LATEST',
    runtime: config.Runtime ?? null,
    ...judge(config.Runtime, judgement),
    packageType: config.PackageType === 'Image' ? 'Image' : 'Zip',
    lastModified: config.LastModified?.slice(0, 10) ?? null,
  };
}

/** A fleet has far more functions than runtimes, so each runtime is judged once. */
const judged = new WeakMap<Judgement, Map<string | undefined, Judged>>();
type Judged = Pick<FunctionRow, 'status' | 'deadline'>;

function judge(runtime: string | undefined, judgement: Judgement): Judged {
  const known = judged.get(judgement) ?? new Map<string | undefined, Judged>();
  judged.set(judgement, known);
  const found = known.get(runtime) ?? judgeAnew(runtime, judgement);
  known.set(runtime, found);
  return found;
}

function judgeAnew(runtime: string | undefined, judgement: Judgement): Judged {
  const { table, today, withinDays } = judgement;
  const dates = findRuntime(table, runtime);
  return { status: statusOf(dates, today, withinDays), deadline: deadlineOf(dates, today) };
}

/** A function's ARN without a version or alias: tags belong to the function as a whole. */
export function unqualifiedArn(arn: string): string {
  return arn.split(':').slice(0, 7).join(':');
}
