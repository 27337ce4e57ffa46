import * as z from 'zod';
import { assertMayChange } from '../policy/write-policy.ts';
import { functionNameInput, regionArgument, resolveFunction } from '../upgrade/function-ref.ts';
import { checkInvocation, invocation, invokeOnce } from '../upgrade/invocation.ts';
import { confirmArgument } from './confirm-argument.ts';
import { defineTool } from './define-tool.ts';

export const invokeFunction = defineTool({
  name: 'invoke-function',
  title: 'Invoke a function',
  description:
    'Run a function once with a payload and return status, error, payload and the end of its log, ' +
    'bounded. With dryRun only check that it may be invoked; nothing runs then.',
  inputSchema: z.strictObject({
    functionName: functionNameInput,
    region: regionArgument,
    qualifier: z.string().max(128).optional().describe('A version or an alias; $LATEST without it'),
    payload: z.unknown().optional().describe('The event as JSON; {} where it is left out'),
    dryRun: z.boolean().default(false),
    confirm: confirmArgument,
  }),
  outputSchema: invocation.extend({
    functionName: z.string(),
    region: z.string(),
    dryRun: z.boolean(),
  }),
  annotations: {
    readOnlyHint: false,
    destructiveHint: true,
    idempotentHint: false,
    openWorldHint: true,
  },
  needsWrites: true,

  async run({ functionName, region, qualifier, payload, dryRun, confirm }, context) {
    const aws = await context.aws();
    const ref = await resolveFunction(aws, functionName, region);
    assertMayChange(context.policy, ref.functionName, ref.region);
    const name = `${ref.functionName}${qualifier === undefined ? '' : `:${qualifier}`} (${ref.region})`;
    if (dryRun) {
      const statusCode = await checkInvocation(aws, ref, qualifier);
      const data = { ...NOTHING_RUN, ...ref, statusCode, dryRun };
      return { text: `${name} may be invoked with these credentials. It was not run.`, data };
    }
    await context.confirm(`Run ${name} once with the payload of this call?`, confirm);
    context.signal.throwIfAborted();
    const result = await invokeOnce(aws, ref, { payload, qualifier, signal: context.signal });
    const outcome =
      result.functionError === null
        ? `succeeded with status ${result.statusCode}`
        : `failed: ${result.errorType ?? result.functionError} ${result.errorMessage ?? ''}`;
    return { text: `${name} ${outcome}`.trim(), data: { ...result, ...ref, dryRun } };
  },
});

const NOTHING_RUN = {
  functionError: null,
  errorType: null,
  errorMessage: null,
  payload: null,
  isPayloadCut: false,
  logTail: '',
};
