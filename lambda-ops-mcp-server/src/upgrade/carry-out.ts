import type { FunctionConfiguration } from '@aws-sdk/client-lambda';
import { adviceFor } from '../aws/advice.ts';
import type { Aws } from '../aws/aws.ts';
import { AwsFailure } from '../aws/failure.ts';
import { ToolError } from '../tools/define-tool.ts';
import { checkInvocation, type Invocation, invokeOnce } from './invocation.ts';
import { remember } from './memory.ts';
import type { Plan } from './plan-book.ts';
import { rollBack } from './roll-back.ts';
import { setRuntime } from './set-runtime.ts';
import { isBusy, type SettleOptions, settled } from './settle.ts';

export const UPGRADE_OUTCOMES = [
  'upgraded',
  'rolled-back',
  'rollback-failed',
  'not-finished',
] as const;

export interface UpgradeReport {
  readonly outcome: (typeof UPGRADE_OUTCOMES)[number];
  /** The version that keeps the code and runtime from before. */
  readonly publishedVersion: string;
  /** Why the function does not have the new runtime; null when it has. */
  readonly reason: string | null;
  readonly smokeTest: Invocation | null;
}

export interface CarryOutOptions {
  readonly settle: SettleOptions;
  /** Undefined for no smoke test. */
  readonly smokeTestPayload: unknown;
  onStep(message: string): Promise<void>;
}

/**
 * Carries a plan out. Up to the change of the runtime every failure throws, and says what is left;
 * from there on the function is never left alone: it has the new runtime and passed, or it is set
 * back, or the report says that this failed. Each step leaves a state that `recall` explains.
 * @throws {ToolError | AwsFailure} while the runtime is unchanged
 */
export async function carryOut(
  aws: Aws,
  plan: Plan,
  options: CarryOutOptions,
): Promise<UpgradeReport> {
  const before = await unchangedSince(aws, plan);
  // Better to learn that the smoke test may not run before anything is changed than after.
  if (options.smokeTestPayload !== undefined) await checkInvocation(aws, plan.functionRef);

  await options.onStep('publishing a version of the present state');
  const publishedVersion = await publish(aws, plan, options.settle);
  await options.onStep(`version ${publishedVersion} keeps it; changing the runtime`);
  await changeRuntime(aws, plan, before, publishedVersion, options.settle);
  await options.onStep('waiting until Lambda has finished the update');
  const { verdict, smokeTest } = await judge(aws, plan, options);

  if (verdict === null) return { outcome: 'upgraded', publishedVersion, reason: null, smokeTest };
  if (verdict === 'busy') {
    const reason = 'Lambda had not finished the update when this server stopped waiting.';
    return { outcome: 'not-finished', publishedVersion, reason, smokeTest };
  }
  await options.onStep(`${verdict} Rolling back`);
  const failure = await rollBack(aws, plan.functionRef, plan.from, options.settle);
  return failure === null
    ? { outcome: 'rolled-back', publishedVersion, reason: verdict, smokeTest }
    : {
        outcome: 'rollback-failed',
        publishedVersion,
        reason: `${verdict} The way back failed: ${failure}`,
        smokeTest,
      };
}

async function unchangedSince(aws: Aws, plan: Plan): Promise<FunctionConfiguration> {
  const { functionName, region } = plan.functionRef;
  const config = await aws.getConfiguration(region, functionName);
  if (isBusy(config)) {
    throw new ToolError(
      `${functionName} is being updated right now. Nothing was changed. Wait until get-function ` +
        'shows lastUpdateStatus Successful, then make a new plan.',
    );
  }
  if (config.RevisionId !== plan.revisionId) {
    throw new ToolError(
      `${functionName} was changed after the plan was made (its revision is another one). ` +
        'Nothing was changed now. Make a new plan with plan-runtime-upgrade.',
    );
  }
  return config;
}

/** Publishes and waits for the version: with SnapStart its snapshot takes minutes. */
async function publish(aws: Aws, plan: Plan, settle: SettleOptions): Promise<string> {
  const { functionName, region } = plan.functionRef;
  const description = `Before ${plan.from} to ${plan.to} (lambda-ops)`;
  const { Version = '' } = await aws.publishVersion(
    region,
    functionName,
    plan.revisionId,
    description,
  );
  const version = await describing(Version, plan, () =>
    settled(aws, plan.functionRef, settle, Version),
  );
  if (version.State === 'Failed') {
    throw new ToolError(
      `Version ${Version} of ${functionName} could not be published: ${version.StateReason ?? 'no reason given'}. ` +
        `The function still runs ${plan.from}. Mend that first, then make a new plan.`,
    );
  }
  return Version;
}

async function changeRuntime(
  aws: Aws,
  plan: Plan,
  before: FunctionConfiguration,
  previousVersion: string,
  settle: SettleOptions,
): Promise<void> {
  const { functionName, region } = plan.functionRef;
  await describing(previousVersion, plan, async () => {
    await remember(aws, region, before.FunctionArn ?? '', {
      previousRuntime: plan.from,
      targetRuntime: plan.to,
      previousVersion,
    });
    // Publishing gives $LATEST another revision id. Reading it again must not let someone else's
    // change slip in unseen, so the settings that the plan was made for are compared as well.
    const current = await settled(aws, plan.functionRef, settle);
    if (fingerprint(current) !== fingerprint(before)) {
      throw new ToolError(
        `${functionName} was changed by someone else while its version was published. ` +
          'Make a new plan with plan-runtime-upgrade.',
      );
    }
    await setRuntime(aws, plan.functionRef, plan.to, current.RevisionId, settle);
  });
}

/** Adds to a failure on the way what it leaves behind. */
async function describing<T>(version: string, plan: Plan, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof AwsFailure) && !(error instanceof ToolError)) throw error;
    const cause = error instanceof AwsFailure ? adviceFor(error) : error.message;
    throw new ToolError(
      `${cause} This call did not change the runtime of ${plan.functionRef.functionName}; ` +
        `version ${version} was published and can stay.`,
    );
  }
}

type Verdict = string | null | 'busy';

/** Null when the upgrade holds, `busy` when Lambda is not done, otherwise the reason to go back. */
async function judge(
  aws: Aws,
  plan: Plan,
  options: CarryOutOptions,
): Promise<{ verdict: Verdict; smokeTest: Invocation | null }> {
  try {
    const config = await settled(aws, plan.functionRef, options.settle);
    if (isBusy(config)) return { verdict: 'busy', smokeTest: null };
    if (config.LastUpdateStatus === 'Failed' || config.Runtime !== plan.to) {
      const reason = config.LastUpdateStatusReason ?? `the function shows ${config.Runtime}`;
      return { verdict: `Lambda could not update the function: ${reason}.`, smokeTest: null };
    }
    if (options.smokeTestPayload === undefined) return { verdict: null, smokeTest: null };
    await options.onStep('running the smoke test');
    const smokeTest = await invokeOnce(aws, plan.functionRef, {
      payload: options.smokeTestPayload,
    });
    return { verdict: smokeVerdict(smokeTest), smokeTest };
  } catch (error) {
    if (!(error instanceof AwsFailure)) throw error;
    return { verdict: `The upgrade could not be checked. ${adviceFor(error)}`, smokeTest: null };
  }
}

function smokeVerdict({ functionError, errorType, errorMessage }: Invocation): string | null {
  if (functionError === null) return null;
  return `The smoke test failed: ${[errorType ?? functionError, errorMessage].filter(Boolean).join(': ')}.`;
}

/** What a plan depends on. Dates and revision ids are left out: publishing may touch them. */
function fingerprint(config: FunctionConfiguration): string {
  const { Runtime, Handler, CodeSha256, Layers = [], Environment, Role, MemorySize } = config;
  const layers = Layers.map(({ Arn }) => Arn);
  const { Timeout, Architectures, PackageType } = config;
  return JSON.stringify([
    [Runtime, Handler, CodeSha256, layers, Environment?.Variables, Role],
    [MemorySize, Timeout, Architectures, PackageType],
  ]);
}
