import type { Aws } from '../aws/aws.ts';
import { AwsFailure } from '../aws/failure.ts';
import type { FunctionRef } from './function-ref.ts';
import { type SettleOptions, settled } from './settle.ts';

/**
 * Changes the runtime at a revision. Where the answer was lost on the way, the SDK sends the change
 * again and is told of a revision conflict that is its own doing: what the function shows decides.
 * @throws {AwsFailure} when the function does not have the runtime
 */
export async function setRuntime(
  aws: Aws,
  functionRef: FunctionRef,
  runtime: string,
  revisionId: string | undefined,
  settle: SettleOptions,
): Promise<void> {
  const { functionName, region } = functionRef;
  try {
    await aws.setRuntime(region, functionName, runtime, revisionId);
  } catch (error) {
    if (!isAnswerLost(error)) throw error;
    const { Runtime } = await settled(aws, functionRef, settle);
    if (Runtime !== runtime) throw error;
  }
}

/** More than one attempt, or none that was answered. */
function isAnswerLost(error: unknown): boolean {
  const cause = error instanceof AwsFailure ? error.cause : undefined;
  if (!(cause instanceof Error)) return false;
  // `as`: the SDK puts its metadata on every error it throws; others have none.
  const { $metadata } = cause as { $metadata?: { attempts?: number; httpStatusCode?: number } };
  return $metadata?.httpStatusCode === undefined || ($metadata.attempts ?? 1) > 1;
}
