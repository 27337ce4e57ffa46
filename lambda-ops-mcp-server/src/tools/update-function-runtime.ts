import * as z from 'zod';
import { assertMayChange } from '../policy/write-policy.ts';
import { carryOut, UPGRADE_OUTCOMES, type UpgradeReport } from '../upgrade/carry-out.ts';
import { functionNameInput, regionArgument } from '../upgrade/function-ref.ts';
import { invocation } from '../upgrade/invocation.ts';
import type { Plan } from '../upgrade/plan-book.ts';
import { confirmArgument } from './confirm-argument.ts';
import { defineTool, ToolError } from './define-tool.ts';

/** Steps of an upgrade, for progress: publish, change, wait, smoke test, and one in reserve. */
const STEPS = 5;

export const updateFunctionRuntime = defineTool({
  name: 'update-function-runtime',
  title: 'Upgrade a function to another runtime',
  description:
    'Carry out a plan of plan-runtime-upgrade: publish a version of the present state, change the ' +
    'runtime of $LATEST, wait for Lambda, run the smoke test if there is one, and roll back if the ' +
    'update or the smoke test fails. Aliases are not moved.',
  inputSchema: z.strictObject({
    planId: z.string().min(1).max(100),
    functionName: functionNameInput
      .optional()
      .describe('If given, it has to be the one of the plan'),
    region: regionArgument.describe('If given, it has to be the one of the plan'),
    targetRuntime: z
      .string()
      .max(64)
      .optional()
      .describe('If given, it has to be the one of the plan'),
    smokeTestPayload: z
      .unknown()
      .optional()
      .describe(
        'Event (JSON) to invoke the upgraded function with; an error rolls the upgrade back',
      ),
    acceptDrift: z
      .boolean()
      .default(false)
      .describe('Change the function although a stack owns it and will drift'),
    confirm: confirmArgument,
  }),
  outputSchema: z.object({
    outcome: z.enum(UPGRADE_OUTCOMES),
    functionName: z.string(),
    region: z.string(),
    from: z.string(),
    to: z.string(),
    runtime: z
      .string()
      .nullable()
      .describe('What the function runs now; null when that is not known'),
    publishedVersion: z.string().describe('Keeps the code and runtime from before'),
    reason: z.string().nullable(),
    smokeTest: invocation.nullable(),
    nextSteps: z.array(z.string()),
  }),
  annotations: {
    readOnlyHint: false,
    destructiveHint: true,
    idempotentHint: false,
    openWorldHint: true,
  },
  needsWrites: true,

  async run(input, context) {
    const plan = context.plans.find(input.planId);
    const { functionName, region } = plan.functionRef;
    assertSamePlan(plan, input);
    assertMayChange(context.policy, functionName, region);
    assertDriftAccepted(plan, input.acceptDrift);
    await context.confirm(question(plan, input.smokeTestPayload !== undefined), input.confirm);
    context.signal.throwIfAborted();
    // From here on the call goes to its end, even if the client leaves: a half upgrade helps nobody.
    if (!context.plans.take(plan.planId)) {
      throw new ToolError('Another call is carrying out this plan. This call changed nothing.');
    }
    let step = 0;
    const report = await carryOut(await context.aws(), plan, {
      settle: context.settle,
      smokeTestPayload: input.smokeTestPayload,
      onStep: (message) => context.reportProgress(step++, STEPS, message),
    });
    const data = {
      ...report,
      functionName,
      region,
      from: plan.from,
      to: plan.to,
      runtime: runtimeNow(report, plan),
      nextSteps: nextSteps(report, plan),
    };
    return { text: summary(report, plan), data, isError: report.outcome === 'rollback-failed' };
  },
});

interface Named {
  readonly functionName?: string | undefined;
  readonly region?: string | undefined;
  readonly targetRuntime?: string | undefined;
}

/** The arguments beside the plan id are for the reader of the call; they must tell the truth. */
function assertSamePlan(plan: Plan, named: Named): void {
  const { functionRef } = plan;
  const name = named.functionName?.split(':').at(-1);
  const differs =
    (name !== undefined && name !== functionRef.functionName) ||
    (named.region !== undefined && named.region !== functionRef.region) ||
    (named.targetRuntime !== undefined && named.targetRuntime !== plan.to);
  if (differs) {
    throw new ToolError(
      `The plan is for ${functionRef.functionName} in ${functionRef.region} to ${plan.to}, and the ` +
        'arguments say something else. Nothing was changed. Use the plan of the function you mean.',
    );
  }
}

function assertDriftAccepted({ ownedBy, functionRef }: Plan, acceptDrift: boolean): void {
  if (ownedBy === null || acceptDrift) return;
  throw new ToolError(
    `${functionRef.functionName} is owned by ${ownedBy}: changing it here makes it drift, and the ` +
      'next deployment undoes the change. Nothing was changed. Change the source as the plan says, ' +
      'or, if the user wants it all the same, repeat the call with acceptDrift: true.',
  );
}

function question(plan: Plan, hasSmokeTest: boolean): string {
  const { functionName, region } = plan.functionRef;
  return [
    `Upgrade ${functionName} in ${region} from ${plan.from} to ${plan.to}?`,
    hasSmokeTest ? 'It is then invoked once as a smoke test.' : 'There is no smoke test.',
    ...(plan.canRollBack ? [] : [`Lambda allows no way back to ${plan.from}.`]),
    ...(plan.ownedBy === null ? [] : [`It is owned by ${plan.ownedBy} and will drift.`]),
  ].join(' ');
}

function runtimeNow({ outcome }: UpgradeReport, { from, to }: Plan): string | null {
  if (outcome === 'upgraded') return to;
  return outcome === 'rolled-back' ? from : null;
}

function nextSteps({ outcome, publishedVersion }: UpgradeReport, { from }: Plan): string[] {
  if (outcome === 'upgraded') {
    return [
      'Watch the function; rollback-function-runtime goes back if need be.',
      'Where aliases are used: publish a version, then point them at it.',
    ];
  }
  if (outcome === 'rolled-back') return ['Mend what the reason says, then make a new plan.'];
  return [
    'Look at the function with get-function; plan-runtime-upgrade explains its state.',
    `Version ${publishedVersion} still runs ${from}: an alias can point at it meanwhile.`,
    'rollback-function-runtime tries the way back once more.',
  ];
}

function summary(report: UpgradeReport, { functionRef, from, to }: Plan): string {
  const name = `${functionRef.functionName} (${functionRef.region})`;
  const kept = `Version ${report.publishedVersion} keeps the state from before.`;
  const tested = report.smokeTest === null ? 'No smoke test was run.' : 'The smoke test passed.';
  switch (report.outcome) {
    case 'upgraded':
      return `Upgraded ${name} from ${from} to ${to}. ${tested} ${kept}`;
    case 'rolled-back':
      return `Not upgraded: ${name} was set back to ${from}. ${report.reason} ${kept}`;
    case 'rollback-failed':
      return `ATTENTION: ${name} is neither upgraded nor set back. ${report.reason} ${kept}`;
    case 'not-finished':
      return `Not finished: ${name}, ${from} to ${to}. ${report.reason} ${kept}`;
  }
}
