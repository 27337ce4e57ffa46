import * as z from 'zod';
import { unqualifiedArn } from '../fleet/function-row.ts';
import { owner, ownerOf } from '../fleet/owner.ts';
import { assertMayChange } from '../policy/write-policy.ts';
import { dayOf } from '../runtimes/calendar.ts';
import { canBeSet } from '../runtimes/family.ts';
import { findRuntime, type RuntimeTable } from '../runtimes/table.ts';
import { assertUpgradable } from '../upgrade/choose-target.ts';
import { functionNameInput, regionArgument, resolveFunction } from '../upgrade/function-ref.ts';
import { recall, type UpgradeMemory } from '../upgrade/memory.ts';
import { rollBack } from '../upgrade/roll-back.ts';
import { confirmArgument } from './confirm-argument.ts';
import { defineTool, ToolError } from './define-tool.ts';

export const rollbackFunctionRuntime = defineTool({
  name: 'rollback-function-runtime',
  title: 'Undo a runtime upgrade',
  description:
    "Set a function's $LATEST back to the runtime it had before this server upgraded it. The " +
    'function itself remembers that (tags lambda-ops:*), so it works after a restart too.',
  inputSchema: z.strictObject({
    functionName: functionNameInput,
    region: regionArgument,
    acceptDrift: z
      .boolean()
      .default(false)
      .describe('Change the function although a stack owns it and will drift'),
    confirm: confirmArgument,
  }),
  outputSchema: z.object({
    outcome: z.enum(['rolled-back']),
    functionName: z.string(),
    region: z.string(),
    from: z.string(),
    to: z.string(),
    owner: owner.nullable(),
    previousVersion: z.string(),
  }),
  annotations: {
    readOnlyHint: false,
    destructiveHint: true,
    idempotentHint: true,
    openWorldHint: true,
  },
  needsWrites: true,

  async run(input, context) {
    const [aws, table] = await Promise.all([context.aws(), context.runtimes()]);
    const ref = await resolveFunction(aws, input.functionName, input.region);
    const { functionName, region } = ref;
    assertMayChange(context.policy, functionName, region);
    const config = await aws.getConfiguration(region, functionName);
    const from = assertUpgradable(config);
    const { Tags: tags = {} } = await aws.listTags(
      region,
      unqualifiedArn(config.FunctionArn ?? ''),
    );
    const memory = assertWayBack(functionName, from, recall(tags), table, dayOf(context.now()));
    const ownedBy = ownerOf(tags);
    if (ownedBy !== null && !input.acceptDrift) {
      throw new ToolError(
        `${functionName} is owned by ${ownedBy.kind} (${ownedBy.name}). Nothing was changed. Change ` +
          'its source, or, if the user wants it all the same, repeat the call with acceptDrift: true.',
      );
    }
    const to = memory.previousRuntime;
    await context.confirm(
      `Set ${functionName} in ${region} back from ${from} to ${to}?`,
      input.confirm,
    );
    context.signal.throwIfAborted();
    const failure = await rollBack(aws, ref, to, context.settle);
    if (failure !== null) {
      throw new ToolError(
        `${functionName} could not be set back to ${to}. ${failure} Version ` +
          `${memory.previousVersion} keeps the old state; an alias can point at it.`,
      );
    }
    const data = {
      outcome: 'rolled-back' as const,
      functionName,
      region,
      from,
      to,
      owner: ownedBy,
      previousVersion: memory.previousVersion,
    };
    return { text: `${functionName} (${region}) runs ${to} again, after ${from}.`, data };
  },
});

/** @throws {ToolError} when there is nothing to go back to, or Lambda no longer allows it */
function assertWayBack(
  functionName: string,
  from: string,
  memory: UpgradeMemory | null,
  table: RuntimeTable,
  today: string,
): UpgradeMemory {
  if (memory === null) {
    throw new ToolError(
      `${functionName} has no memory of an upgrade by this server (no tag ` +
        'lambda-ops:previous-runtime). Nothing was changed. It runs ' +
        `${from}; set another runtime in its source, or with the AWS CLI.`,
    );
  }
  const to = memory.previousRuntime;
  if (to === from) {
    throw new ToolError(
      `${functionName} runs ${from} already: there is nothing to undo. Nothing was changed.`,
    );
  }
  if (!canBeSet(to, table, today)) {
    throw new ToolError(
      `Lambda no longer allows it: updates to ${to} have been blocked since ` +
        `${findRuntime(table, to)?.updateBlocked}. Nothing was changed. Version ` +
        `${memory.previousVersion} still runs ${to}: point an alias at it, and mend the code for ${from}.`,
    );
  }
  return memory;
}
