import type { FunctionConfiguration } from '@aws-sdk/client-lambda';
import * as z from 'zod';
import type { Aws } from '../aws/aws.ts';
import { type AliasTarget, aliasesOnVersions, aliasTarget, listAliases } from '../fleet/aliases.ts';
import { unqualifiedArn } from '../fleet/function-row.ts';
import { type Owner, owner, ownerOf, templateLine } from '../fleet/owner.ts';
import { changesBetween } from '../runtimes/breaking-changes.ts';
import { dayOf } from '../runtimes/calendar.ts';
import { canBeSet } from '../runtimes/family.ts';
import { RUNTIME_STATUSES, statusOf } from '../runtimes/status.ts';
import { findRuntime } from '../runtimes/table.ts';
import { assertUpgradable, chooseTarget } from '../upgrade/choose-target.ts';
import {
  type FunctionRef,
  functionNameInput,
  regionArgument,
  resolveFunction,
} from '../upgrade/function-ref.ts';
import { type LayerInfo, readLayers } from '../upgrade/layers.ts';
import { explainMemory, recall } from '../upgrade/memory.ts';
import { defineTool, READS } from './define-tool.ts';
import { describeSource, runtimeSource, sourceLine } from './runtime-source-output.ts';

/** More aliases than this are counted only. */
const MAX_ALIASES = 20;

export const planRuntimeUpgrade = defineTool({
  name: 'plan-runtime-upgrade',
  title: 'Plan a runtime upgrade',
  description:
    'Read-only. What an upgrade of one function means: target runtime, what is known to break on ' +
    'the way, layers without the target, whether the way back stays open, who owns the function. ' +
    'Returns a planId for update-function-runtime, valid for 30 minutes and this revision only.',
  inputSchema: z.strictObject({
    functionName: functionNameInput,
    region: regionArgument,
    targetRuntime: z
      .string()
      .max(64)
      .optional()
      .describe('The newest supported runtime of the family where it is left out'),
  }),
  outputSchema: z.object({
    planId: z.string(),
    expiresAt: z.string(),
    functionName: z.string(),
    region: z.string(),
    runtime: z.string(),
    status: z.enum(RUNTIME_STATUSES),
    targetRuntime: z.string(),
    wayBack: z.object({ isOpen: z.boolean(), until: z.string().nullable(), note: z.string() }),
    owner: owner.nullable(),
    templateChange: z
      .string()
      .nullable()
      .describe("The line to change in the owner's source instead of this function"),
    breakingChanges: z.array(
      z.object({ since: z.string(), change: z.string(), source: z.string() }),
    ),
    layers: z.array(layerWithTarget()),
    aliasesOnVersions: z.array(aliasTarget),
    notes: z.array(z.string()),
    source: runtimeSource,
  }),
  annotations: { ...READS, idempotentHint: false },
  needsWrites: false,

  async run({ functionName, region, targetRuntime }, context) {
    const [aws, table] = await Promise.all([context.aws(), context.runtimes()]);
    const ref = await resolveFunction(aws, functionName, region);
    const config = await aws.getConfiguration(ref.region, ref.functionName);
    const from = assertUpgradable(config);
    const today = dayOf(context.now());
    const to = chooseTarget(from, targetRuntime, table, today);
    const { tags, aliases, layers } = await readSurroundings(aws, ref, config);
    const ownedBy = ownerOf(tags);
    const isOpen = canBeSet(from, table, today);
    const plan = context.plans.add({
      functionRef: ref,
      revisionId: config.RevisionId,
      from,
      to,
      ownedBy: ownedBy === null ? null : `${ownedBy.kind} (${ownedBy.name})`,
      canRollBack: isOpen,
    });
    const dates = findRuntime(table, from);
    const until = dates?.updateBlocked ?? null;
    const data = {
      planId: plan.planId,
      expiresAt: plan.expiresAt.toISOString(),
      ...ref,
      runtime: from,
      status: statusOf(dates, today),
      targetRuntime: to,
      wayBack: { isOpen, until, note: wayBackNote(from, isOpen, until) },
      owner: ownedBy,
      templateChange: ownedBy === null ? null : whatToChange(ownedBy, to),
      breakingChanges: changesBetween(from, to).map(({ family: _, ...shown }) => shown),
      layers: layers.map((layer) => ({ ...layer, hasTarget: hasTarget(layer, to) })),
      aliasesOnVersions: aliases.slice(0, MAX_ALIASES),
      notes: notesOn(config, tags, aliases),
      source: describeSource(table, context.now()),
    };
    return { text: summary(data, context.policy.allowsWrites), data };
  },
});

async function readSurroundings(aws: Aws, ref: FunctionRef, config: FunctionConfiguration) {
  const layerArns = (config.Layers ?? []).map(({ Arn = '' }) => Arn);
  const [{ Tags: tags = {} }, aliases, layers] = await Promise.all([
    aws.listTags(ref.region, unqualifiedArn(config.FunctionArn ?? '')),
    listAliases(aws, ref.region, ref.functionName),
    readLayers(aws, ref.region, layerArns),
  ]);
  return { tags, layers, aliases: aliasesOnVersions(aliases) };
}

function notesOn(
  config: FunctionConfiguration,
  tags: Record<string, string>,
  aliases: AliasTarget[],
): string[] {
  const memory = explainMemory(recall(tags), config.Runtime ?? '');
  return [
    ...(memory === null ? [] : [memory]),
    ...(config.SnapStart?.ApplyOn === 'PublishedVersions' ? [SNAP_START_NOTE] : []),
    ...(aliases.length === 0
      ? []
      : [
          `Aliases that run published versions, which keep their runtime: ${names(aliases)}. After ` +
            'the upgrade publish a version and point them at it.',
        ]),
  ];
}

const SNAP_START_NOTE =
  'SnapStart is on: publishing a version takes a snapshot, which can take minutes.';

function layerWithTarget() {
  return z.object({
    arn: z.string(),
    compatibleRuntimes: z.array(z.string()).nullable(),
    hasTarget: z.boolean().nullable().describe('null when the layer does not say'),
  });
}

function hasTarget({ compatibleRuntimes }: LayerInfo, target: string): boolean | null {
  return compatibleRuntimes === null ? null : compatibleRuntimes.includes(target);
}

function names(aliases: AliasTarget[]): string {
  const shown = aliases.slice(0, 5).map(({ name }) => name);
  return [...shown, ...(aliases.length > 5 ? [`and ${aliases.length - 5} more`] : [])].join(', ');
}

function wayBackNote(from: string, isOpen: boolean, until: string | null): string {
  if (!isOpen) {
    return `Lambda has blocked updates to ${from} since ${until}: once changed, the function cannot go back.`;
  }
  return until === null
    ? `AWS has set no date after which a function cannot be set back to ${from}.`
    : `A function can be set back to ${from} until ${until}.`;
}

function whatToChange(ownedBy: Owner, to: string): string {
  const where = ownedBy.resource === null ? '' : `, resource ${ownedBy.resource}`;
  return `${templateLine(ownedBy, to)} (${ownedBy.kind} ${ownedBy.name}${where}; then deploy it)`;
}

interface Summary {
  readonly functionName: string;
  readonly region: string;
  readonly runtime: string;
  readonly targetRuntime: string;
  readonly planId: string;
  readonly templateChange: string | null;
  readonly wayBack: { note: string };
  readonly breakingChanges: { change: string }[];
  readonly layers: { arn: string; hasTarget: boolean | null }[];
  readonly notes: string[];
  readonly source: z.infer<typeof runtimeSource>;
}

function summary(data: Summary, allowsWrites: boolean): string {
  const missing = data.layers.filter((layer) => layer.hasTarget === false);
  return [
    `${data.functionName} (${data.region}): ${data.runtime} to ${data.targetRuntime}.`,
    ...(data.templateChange === null
      ? []
      : [`Owned by a stack, so change its source instead: ${data.templateChange}`]),
    ...data.breakingChanges.map(({ change }) => `Check: ${change}`),
    ...missing.map(({ arn }) => `Layer without ${data.targetRuntime}: ${arn}`),
    `Way back: ${data.wayBack.note}`,
    ...data.notes,
    allowsWrites
      ? `To carry it out: update-function-runtime with planId ${data.planId}.`
      : 'This server is read-only; started with --allow-writes it can carry the plan out.',
    sourceLine(data.source),
  ].join('\n');
}
