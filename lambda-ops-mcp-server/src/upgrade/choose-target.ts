import type { FunctionConfiguration } from '@aws-sdk/client-lambda';
import { compareAge, familyOf, isTarget, successorOf, targetsFor } from '../runtimes/family.ts';
import { findRuntime, type RuntimeTable } from '../runtimes/table.ts';
import { ToolError } from '../tools/define-tool.ts';
import { isBusy } from './settle.ts';

/** @throws {ToolError} when the function is of a kind, or in a state, that no upgrade can work on */
export function assertUpgradable(config: FunctionConfiguration): string {
  const name = config.FunctionName ?? '';
  if (config.PackageType === 'Image') {
    throw new ToolError(
      `${name} is a container image: its runtime is in the image. Change the base image in its ` +
        'Dockerfile, build and push it, and deploy the new image.',
    );
  }
  if (config.MasterArn !== undefined) {
    throw new ToolError(
      `${name} is a Lambda@Edge replica. Upgrade the main function ${config.MasterArn}, publish a ` +
        'version, and name that version in the CloudFront distribution.',
    );
  }
  if (isBusy(config)) {
    throw new ToolError(
      `${name} is being created or updated right now. Wait until get-function shows ` +
        'lastUpdateStatus Successful, then plan again.',
    );
  }
  if (config.Runtime === undefined) throw new ToolError(`${name} has no runtime to upgrade.`);
  return config.Runtime;
}

/**
 * The runtime to go to: the one named, or the newest of the family.
 * @throws {ToolError} when the way does not exist, naming the ones that do
 */
export function chooseTarget(
  from: string,
  named: string | undefined,
  table: RuntimeTable,
  today: string,
): string {
  const choices = targetsFor(from, table, today).filter((target) => compareAge(target, from) > 0);
  const offer =
    choices.length > 0
      ? `Possible targets: ${choices.join(', ')}.`
      : 'There is no newer runtime in its family; rewrite the function, or stay for now.';
  const target = named ?? successorOf(from, table, today);
  if (target === null) throw new ToolError(`${from} has no successor. ${offer}`);
  const dates = findRuntime(table, target);
  if (dates === undefined) throw new ToolError(`AWS's table has no runtime ${target}. ${offer}`);
  if (familyOf(target) !== familyOf(from)) {
    throw new ToolError(`${target} is another language than ${from}. ${offer}`);
  }
  if (compareAge(target, from) <= 0) {
    throw new ToolError(
      `${target} is not newer than ${from}. ${offer} To undo an upgrade of this server, use ` +
        'rollback-function-runtime.',
    );
  }
  if (!isTarget(dates, today)) {
    throw new ToolError(`${target} is deprecated or for container images only. ${offer}`);
  }
  return target;
}
