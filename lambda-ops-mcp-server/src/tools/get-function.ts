import type { FunctionConfiguration } from '@aws-sdk/client-lambda';
import * as z from 'zod';
import { fittingAnswer } from '../answer-size.ts';
import type { Aws } from '../aws/aws.ts';
import { createTolerance } from '../aws/tolerance.ts';
import { aliasTarget, listAliases } from '../fleet/aliases.ts';
import { type FunctionRow, functionRow, toRow, unqualifiedArn } from '../fleet/function-row.ts';
import { owner, ownerOf } from '../fleet/owner.ts';
import { dayOf } from '../runtimes/calendar.ts';
import { successorOf } from '../runtimes/family.ts';
import { DEFAULT_WITHIN_DAYS } from '../runtimes/status.ts';
import {
  type FunctionRef,
  functionNameInput,
  regionArgument,
  resolveFunction,
} from '../upgrade/function-ref.ts';
import { layerInfo, readLayers } from '../upgrade/layers.ts';
import { explainMemory, recall } from '../upgrade/memory.ts';
import { defineTool, READS } from './define-tool.ts';
import { describeSource, runtimeSource, sourceLine } from './runtime-source-output.ts';

export const getFunction = defineTool({
  name: 'get-function',
  title: 'Get a Lambda function',
  description:
    "One function's configuration, tags, aliases, runtime management and layers, with the status " +
    'of its runtime. Names of environment variables only, never their values.',
  inputSchema: z.strictObject({
    functionName: functionNameInput,
    region: regionArgument,
    qualifier: z.string().max(128).optional().describe('A version or an alias; $LATEST without it'),
  }),
  outputSchema: functionRow.extend({
    functionArn: z.string(),
    successor: z.string().nullable(),
    handler: z.string().nullable(),
    architectures: z.array(z.string()),
    memoryMb: z.number().nullable(),
    timeoutSeconds: z.number().nullable(),
    codeSizeBytes: z.number().nullable(),
    state: z.string().nullable(),
    lastUpdateStatus: z.string().nullable(),
    lastUpdateReason: z.string().nullable(),
    revisionId: z.string().nullable(),
    snapStart: z.string().nullable(),
    lambdaEdgeMain: z.string().nullable().describe('Set on a Lambda@Edge replica'),
    environmentNames: z.array(z.string()),
    runtimeManagement: z
      .object({ updateRuntimeOn: z.string(), runtimeVersionArn: z.string().nullable() })
      .nullable(),
    layers: z.array(layerInfo),
    owner: owner.nullable(),
    upgradeState: z.string().nullable().describe('What an upgrade by this server left behind'),
    incomplete: z.array(z.string()).describe('Why details are missing'),
    source: runtimeSource,
    aliases: z.array(aliasTarget),
    aliasesTotal: z.number().int(),
    tags: z.record(z.string(), z.string()),
    tagsTotal: z.number().int(),
  }),
  annotations: READS,
  needsWrites: false,

  async run({ functionName, region, qualifier }, context) {
    const [aws, table] = await Promise.all([context.aws(), context.runtimes()]);
    const ref = await resolveFunction(aws, functionName, region);
    const config = await aws.getConfiguration(ref.region, ref.functionName, qualifier);
    const { tags, aliases, ...details } = await readDetails(aws, ref, config);
    const today = dayOf(context.now());
    const fixed = {
      ...toRow(config, ref.region, { table, today, withinDays: DEFAULT_WITHIN_DAYS }),
      ...shownConfiguration(config),
      ...details,
      successor: config.Runtime === undefined ? null : successorOf(config.Runtime, table, today),
      owner: ownerOf(tags),
      upgradeState: explainMemory(recall(tags), config.Runtime ?? ''),
      source: describeSource(table, context.now()),
    };
    const tagList = Object.entries(tags);
    return fittingAnswer(aliases.length + tagList.length, (count) => ({
      text: summary(fixed),
      data: {
        ...fixed,
        aliases: aliases.slice(0, count),
        aliasesTotal: aliases.length,
        tags: Object.fromEntries(tagList.slice(0, Math.max(0, count - aliases.length))),
        tagsTotal: tagList.length,
      },
    }));
  },
});

/** What takes a call of its own for each. */
async function readDetails(aws: Aws, ref: FunctionRef, config: FunctionConfiguration) {
  const { region, functionName } = ref;
  const { tolerant, reasons } = createTolerance();
  const layerArns = (config.Layers ?? []).map(({ Arn = '' }) => Arn);
  const [{ Tags: tags = {} }, aliases, management, layers] = await Promise.all([
    aws.listTags(region, unqualifiedArn(config.FunctionArn ?? '')),
    listAliases(aws, region, functionName),
    // Container images have no runtime to manage.
    config.Runtime === undefined
      ? null
      : tolerant(aws.getRuntimeManagement(region, functionName), null),
    readLayers(aws, region, layerArns),
  ]);
  const runtimeManagement = management && {
    updateRuntimeOn: management.UpdateRuntimeOn ?? 'Auto',
    runtimeVersionArn: management.RuntimeVersionArn ?? null,
  };
  return { tags, aliases, layers, runtimeManagement, incomplete: [...reasons] };
}

/** Everything but the values of environment variables: they are often secrets. */
function shownConfiguration(config: FunctionConfiguration) {
  return {
    functionArn: unqualifiedArn(config.FunctionArn ?? ''),
    handler: config.Handler ?? null,
    architectures: config.Architectures ?? [],
    memoryMb: config.MemorySize ?? null,
    timeoutSeconds: config.Timeout ?? null,
    codeSizeBytes: config.CodeSize ?? null,
    state: config.State ?? null,
    lastUpdateStatus: config.LastUpdateStatus ?? null,
    lastUpdateReason: config.LastUpdateStatusReason ?? null,
    revisionId: config.RevisionId ?? null,
    snapStart: config.SnapStart?.ApplyOn ?? null,
    lambdaEdgeMain: config.MasterArn ?? null,
    environmentNames: Object.keys(config.Environment?.Variables ?? {}),
  };
}

function summary(
  shown: FunctionRow & { upgradeState: string | null; source: z.infer<typeof runtimeSource> },
): string {
  const { functionName, region, version, runtime, status, deadline, upgradeState, source } = shown;
  return [
    `${functionName} (${region}, ${version}) runs ${runtime ?? 'a container image'}: ${status}` +
      `${deadline === null ? '' : `, next date ${deadline}`}.`,
    ...(upgradeState === null ? [] : [upgradeState]),
    sourceLine(source),
  ].join('\n');
}
