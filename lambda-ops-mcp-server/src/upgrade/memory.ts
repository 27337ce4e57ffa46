import type { Aws } from '../aws/aws.ts';

/** What an upgrade by this server left on the function, as tags. */
export interface UpgradeMemory {
  readonly previousRuntime: string;
  readonly targetRuntime: string;
  /** The version published before the upgrade: it keeps the old code and runtime. */
  readonly previousVersion: string;
}

const PREVIOUS_RUNTIME = 'lambda-ops:previous-runtime';
const TARGET_RUNTIME = 'lambda-ops:target-runtime';
const PREVIOUS_VERSION = 'lambda-ops:previous-version';

/** Writes the memory onto the function before its runtime changes, so that it outlives the process. */
export async function remember(
  aws: Aws,
  region: string,
  functionArn: string,
  memory: UpgradeMemory,
): Promise<void> {
  await aws.tag(region, functionArn, {
    [PREVIOUS_RUNTIME]: memory.previousRuntime,
    [TARGET_RUNTIME]: memory.targetRuntime,
    [PREVIOUS_VERSION]: memory.previousVersion,
  });
}

/** Removes the memory from the function. */
export async function forget(aws: Aws, region: string, functionArn: string): Promise<void> {
  await aws.untag(region, functionArn, [PREVIOUS_RUNTIME, TARGET_RUNTIME, PREVIOUS_VERSION]);
}

/** Reads the memory from a function's tags; null where no upgrade left one. */
export function recall(tags: Record<string, string>): UpgradeMemory | null {
  const previousRuntime = tags[PREVIOUS_RUNTIME];
  if (previousRuntime === undefined) return null;
  return {
    previousRuntime,
    targetRuntime: tags[TARGET_RUNTIME] ?? 'unknown',
    previousVersion: tags[PREVIOUS_VERSION] ?? 'unknown',
  };
}

/** What the memory says about the function as it is now, in a sentence; null when nothing is left. */
export function explainMemory(memory: UpgradeMemory | null, runtime: string): string | null {
  if (memory === null) return null;
  const { previousRuntime, targetRuntime, previousVersion } = memory;
  if (runtime === previousRuntime) {
    return (
      `An upgrade to ${targetRuntime} was begun and has not changed the runtime (it stopped on the ` +
      `way, or someone set it back). Version ${previousVersion} is a copy from before. ` +
      'A new plan may be carried out.'
    );
  }
  return (
    `This server upgraded it from ${previousRuntime} to ${targetRuntime}. Version ` +
    `${previousVersion} keeps the old state; rollback-function-runtime goes back.`
  );
}
