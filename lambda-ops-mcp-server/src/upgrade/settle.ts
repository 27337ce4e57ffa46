import { setTimeout as delay } from 'node:timers/promises';
import type { GetFunctionConfigurationCommandOutput } from '@aws-sdk/client-lambda';
import type { Aws } from '../aws/aws.ts';
import type { FunctionRef } from './function-ref.ts';

/** How patiently to wait for Lambda, in milliseconds. */
export interface SettleOptions {
  readonly pollMs: number;
  readonly deadlineMs: number;
}

export const DEFAULT_SETTLE: SettleOptions = { pollMs: 1_000, deadlineMs: 5 * 60 * 1000 };

/**
 * Waits until Lambda has finished with the function, or with one version of it, and returns its
 * configuration: `LastUpdateStatus` says how it went. After the deadline it is returned as it is.
 *
 * The SDK's own waiter is not used: it goes on asking after every error, access denied included.
 */
export async function settled(
  aws: Aws,
  { functionName, region }: FunctionRef,
  { pollMs, deadlineMs }: SettleOptions,
  qualifier?: string,
): Promise<GetFunctionConfigurationCommandOutput> {
  const deadline = Date.now() + deadlineMs;
  for (;;) {
    const config = await aws.getConfiguration(region, functionName, qualifier);
    if (!isBusy(config) || Date.now() >= deadline) return config;
    await delay(pollMs);
  }
}

/** Whether Lambda is still creating or changing the function. */
export function isBusy({
  State,
  LastUpdateStatus,
}: Pick<GetFunctionConfigurationCommandOutput, 'State' | 'LastUpdateStatus'>): boolean {
  return State === 'Pending' || LastUpdateStatus === 'InProgress';
}
