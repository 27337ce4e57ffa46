import type * as z from 'zod';
import type { Aws } from '../aws/aws.ts';
import type { ScanBook } from '../fleet/scan-book.ts';
import type { Confirm } from '../policy/confirm.ts';
import type { WritePolicy } from '../policy/write-policy.ts';
import type { RuntimeTable } from '../runtimes/table.ts';
import type { PlanBook } from '../upgrade/plan-book.ts';
import type { SettleOptions } from '../upgrade/settle.ts';

/** What a tool may use while it runs. */
export interface ToolContext {
  /** The calls to AWS; the SDK is loaded on the first use. */
  aws(): Promise<Aws>;
  runtimes(): Promise<RuntimeTable>;
  now(): Date;
  readonly policy: WritePolicy;
  readonly plans: PlanBook;
  readonly scans: ScanBook;
  readonly settle: SettleOptions;
  readonly confirm: Confirm;
  /** Aborts when the client cancels the call or goes away. */
  readonly signal: AbortSignal;
  /** Tells the client how far the call is; dropped where nobody asked. */
  reportProgress(progress: number, total: number, message: string): Promise<void>;
}

/** A tool's answer: a short text for reading, and the complete data. */
export interface Answer<Data> {
  readonly text: string;
  readonly data: Data;
  /** True when the tool did its work and the outcome still needs someone's attention. */
  readonly isError?: boolean;
}

/** The four hints of the specification, none left to its default (server/tools, "Annotations"). */
export interface Hints {
  readonly readOnlyHint: boolean;
  readonly destructiveHint: boolean;
  readonly idempotentHint: boolean;
  readonly openWorldHint: boolean;
}

export interface ToolDefinition<
  Input extends z.ZodObject = z.ZodObject,
  Output extends z.ZodObject = z.ZodObject,
> {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly inputSchema: Input;
  readonly outputSchema: Output;
  readonly annotations: Hints;
  /** True for a tool that exists only with `--allow-writes`. */
  readonly needsWrites: boolean;
  /** @throws {ToolError | AwsFailure} which become a text for the model; other errors stay in the log */
  run(input: z.output<Input>, context: ToolContext): Promise<Answer<z.input<Output>>>;
}

/** A refusal that the model can act on: the message says what to do next. */
export class ToolError extends Error {
  override readonly name = 'ToolError';
}

/** Hints of a tool that only reads from AWS. */
export const READS: Hints = {
  readOnlyHint: true,
  destructiveHint: false,
  idempotentHint: true,
  openWorldHint: true,
};

/** Returns the tool as it is; it only ties the types of `run` to the schemas. */
export function defineTool<Input extends z.ZodObject, Output extends z.ZodObject>(
  tool: ToolDefinition<Input, Output>,
): ToolDefinition<Input, Output> {
  return tool;
}
