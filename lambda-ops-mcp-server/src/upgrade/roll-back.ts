import { adviceFor } from '../aws/advice.ts';
import type { Aws } from '../aws/aws.ts';
import { AwsFailure } from '../aws/failure.ts';
import type { FunctionRef } from './function-ref.ts';
import { forget } from './memory.ts';
import { setRuntime } from './set-runtime.ts';
import { isBusy, type SettleOptions, settled } from './settle.ts';

/**
 * Sets a function back to a runtime, waits, and removes the memory of the upgrade from it.
 * Returns null when the function runs that runtime again, otherwise the reason with the next step.
 */
export async function rollBack(
  aws: Aws,
  functionRef: FunctionRef,
  runtime: string,
  settle: SettleOptions,
): Promise<string | null> {
  const { region } = functionRef;
  try {
    const current = await settled(aws, functionRef, settle);
    if (current.Runtime !== runtime) {
      await setRuntime(aws, functionRef, runtime, current.RevisionId, settle);
    }
    const after = await settled(aws, functionRef, settle);
    if (isBusy(after)) return 'Lambda is still busy with it; look with get-function in a minute.';
    if (after.Runtime !== runtime) {
      return `${after.LastUpdateStatusReason ?? 'Lambda gave no reason'}; the function runs ${after.Runtime}.`;
    }
    await forgetQuietly(aws, region, after.FunctionArn ?? '');
    return null;
  } catch (error) {
    if (!(error instanceof AwsFailure)) throw error;
    return adviceFor(error);
  }
}

/** The function is back, which is what counts: tags that stay are explained by the next plan. */
async function forgetQuietly(aws: Aws, region: string, functionArn: string): Promise<void> {
  try {
    await forget(aws, region, functionArn);
  } catch (error) {
    if (!(error instanceof AwsFailure)) throw error;
  }
}
