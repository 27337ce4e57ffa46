import { ToolError } from '../tools/define-tool.ts';
import { matchesGlob } from './glob.ts';

/** What the person who starts the server lets it change. */
export interface WritePolicy {
  readonly allowsWrites: boolean;
  /** Patterns of names that may be changed; empty means every name. */
  readonly allowFunctions: readonly string[];
  /** Patterns of names that may not be changed; they win over `allowFunctions`. */
  readonly denyFunctions: readonly string[];
  /** Regions in which functions may be changed; empty means every region. */
  readonly regions: readonly string[];
  /** False with `--no-confirm`. */
  readonly asksForConfirmation: boolean;
}

/** @throws {ToolError} when the policy keeps this function from being changed or run */
export function assertMayChange(policy: WritePolicy, functionName: string, region: string): void {
  const refuse = (reason: string) => {
    throw new ToolError(
      `This server may not change or run ${functionName} in ${region}: ${reason}. ` +
        'Nothing was changed. Whoever configured the server decides on that; do not look for a way around it.',
    );
  };
  if (!policy.allowsWrites) refuse('it was started without --allow-writes');
  if (policy.regions.length > 0 && !policy.regions.includes(region)) {
    refuse(`--regions allows only ${policy.regions.join(', ')}`);
  }
  const denied = policy.denyFunctions.find((pattern) => matchesGlob(pattern, functionName));
  if (denied !== undefined) refuse(`--deny-functions has "${denied}"`);
  const isAllowed = policy.allowFunctions.some((pattern) => matchesGlob(pattern, functionName));
  if (policy.allowFunctions.length > 0 && !isAllowed) {
    refuse(
      `--allow-functions has only ${policy.allowFunctions.map((name) => `"${name}"`).join(', ')}`,
    );
  }
}
