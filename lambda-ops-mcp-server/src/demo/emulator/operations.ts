import * as z from 'zod';
import { type EmulatedFunction, type LayerSeed, nextRevision, type Region } from './account.ts';
import { AwsError, accessDenied, notFound } from './aws-error.ts';
import { latest, listed, versionState } from './configuration.ts';

/** How many reads an asynchronous update takes. */
const READS_PER_UPDATE = 2;
const PAGE_SIZE = 50;

/** What an operation gets from its request. */
export interface Call {
  readonly region: Region;
  readonly regionName: string;
  readonly regionNames: readonly string[];
  readonly layers: readonly LayerSeed[];
  /** Function name, or a tagged resource's ARN. */
  readonly target: string;
  readonly query: URLSearchParams;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly body: unknown;
  /** Runtimes that Lambda no longer lets a function be set to. */
  readonly blockedRuntimes: ReadonlySet<string>;
}

export interface Reply {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly body: unknown;
}

export type Operation = (call: Call) => Reply;

/** Each AWS operation, under the IAM action that allows it. */
export const operations: Record<string, Operation> = {
  'account:ListRegions': ({ regionNames }) => ({
    body: {
      Regions: regionNames.map((RegionName) => ({ RegionName, RegionOptStatus: 'ENABLED' })),
    },
  }),
  'lambda:ListFunctions': listFunctions,
  'lambda:GetFunctionConfiguration': getConfiguration,
  'lambda:UpdateFunctionConfiguration': updateConfiguration,
  'lambda:PublishVersion': publishVersion,
  'lambda:ListAliases': (call) => ({ body: { Aliases: aliasesOf(functionOf(call)) } }),
  'lambda:GetRuntimeManagementConfig': (call) => ({
    body: { UpdateRuntimeOn: 'Auto', FunctionArn: functionOf(call).arn },
  }),
  'lambda:GetLayerVersion': getLayer,
  'lambda:ListTags': (call) => ({ body: { Tags: functionOf(call).tags } }),
  'lambda:TagResource': (call) => {
    const { Tags } = z.object({ Tags: z.record(z.string(), z.string()) }).parse(call.body);
    Object.assign(functionOf(call).tags, Tags);
    return { status: 204, body: undefined };
  },
  'lambda:UntagResource': (call) => {
    for (const key of call.query.getAll('tagKeys')) delete functionOf(call).tags[key];
    return { status: 204, body: undefined };
  },
  'lambda:InvokeFunction': invoke,
  'cloudwatch:GetMetricData': getMetricData,
};

function functionOf({ region, target }: Call): EmulatedFunction {
  const fn = region.get(target.split(':')[6] ?? target);
  if (fn === undefined) throw notFound(target);
  return fn;
}

function listFunctions({ region, query }: Call): Reply {
  const start = Number(query.get('Marker') ?? 0);
  const size = Math.min(Number(query.get('MaxItems') ?? PAGE_SIZE), PAGE_SIZE);
  const isAll = query.get('FunctionVersion') === 'ALL';
  const page: unknown[] = [];
  let index = 0;
  for (const fn of region.values()) {
    const rows = isAll ? fn.versions.length + 1 : 1;
    for (let row = 0; row < rows; row += 1, index += 1) {
      if (index < start) continue;
      if (page.length === size) return { body: { Functions: page, NextMarker: String(index) } };
      page.push(listed(fn, row === 0 ? undefined : fn.versions[row - 1]));
    }
  }
  return { body: { Functions: page } };
}

function getConfiguration(call: Call): Reply {
  const fn = functionOf(call);
  const qualifier = call.query.get('Qualifier');
  if (qualifier === null || qualifier === '$LATEST') return { body: latest(fn) };
  const number = fn.seed.aliases?.[qualifier] ?? qualifier;
  const published = fn.versions.find(({ version }) => version === number);
  if (published === undefined) throw notFound(`${fn.arn}:${qualifier}`);
  return { body: versionState(fn, published) };
}

const updateInput = z.object({
  Runtime: z.string().optional(),
  MemorySize: z.number().optional(),
  RevisionId: z.string().optional(),
});

function updateConfiguration(call: Call): Reply {
  const fn = functionOf(call);
  const input = updateInput.parse(call.body);
  assertIdle(fn);
  assertRevision(fn, input.RevisionId);
  const runtime = input.Runtime ?? fn.config.Runtime;
  if (input.Runtime !== undefined && call.blockedRuntimes.has(input.Runtime)) {
    throw new AwsError(
      400,
      'InvalidParameterValueException',
      `The runtime parameter of ${input.Runtime} is no longer supported for updating AWS Lambda functions.`,
    );
  }
  const failure = runtime === undefined ? undefined : fn.seed.failingUpdates?.[runtime];
  fn.update = { readsLeft: READS_PER_UPDATE, from: fn.config.Runtime, failure };
  if (runtime !== undefined) fn.config.Runtime = runtime;
  if (input.MemorySize !== undefined) fn.config.MemorySize = input.MemorySize;
  fn.config.RevisionId = nextRevision();
  fn.config.LastUpdateStatus = 'InProgress';
  delete fn.config.LastUpdateStatusReason;
  return { body: { ...listed(fn), State: 'Active', LastUpdateStatus: 'InProgress' } };
}

const publishInput = z.object({
  RevisionId: z.string().optional(),
  Description: z.string().default(''),
});

function publishVersion(call: Call): Reply {
  const fn = functionOf(call);
  const { RevisionId, Description } = publishInput.parse(call.body ?? {});
  assertIdle(fn);
  assertRevision(fn, RevisionId);
  const newest = fn.versions.at(-1);
  // Lambda publishes nothing new while neither code nor configuration nor description changed.
  if (newest?.runtime === fn.config.Runtime && newest?.description === Description) {
    return { status: 201, body: versionState(fn, newest) };
  }
  const published = {
    version: String(fn.versions.length + 1),
    runtime: fn.config.Runtime,
    description: Description,
    pendingReads: fn.seed.hasSnapStart ? READS_PER_UPDATE : 0,
  };
  fn.versions.push(published);
  fn.config.RevisionId = nextRevision();
  return { status: 201, body: versionState(fn, published) };
}

function assertIdle(fn: EmulatedFunction): void {
  if (fn.update === undefined) return;
  const message = `The operation cannot be performed at this time. An update is in progress for resource: ${fn.arn}`;
  throw new AwsError(409, 'ResourceConflictException', message);
}

function assertRevision(fn: EmulatedFunction, revision: string | undefined): void {
  if (revision === undefined || revision === fn.config.RevisionId) return;
  const message = 'The RevisionId provided does not match the latest RevisionId.';
  throw new AwsError(412, 'PreconditionFailedException', message);
}

function aliasesOf({ seed, arn }: EmulatedFunction) {
  return Object.entries(seed.aliases ?? {}).map(([Name, FunctionVersion]) => ({
    Name,
    FunctionVersion,
    AliasArn: `${arn}:${Name}`,
  }));
}

function getLayer({ layers, query }: Call): Reply {
  const arn = query.get('Arn');
  const layer = layers.find((candidate) => candidate.arn === arn);
  // A layer of another account that grants nobody the right to read it.
  if (layer === undefined) throw accessDenied('lambda:GetLayerVersion');
  return { body: { LayerVersionArn: arn, CompatibleRuntimes: layer.compatibleRuntimes } };
}

function invoke(call: Call): Reply {
  const fn = functionOf(call);
  if (call.headers['x-amz-invocation-type'] === 'DryRun') return { status: 204, body: undefined };
  const qualifier = call.query.get('Qualifier');
  const published = fn.versions.find(({ version }) => version === qualifier);
  const runtime = published?.runtime ?? fn.config.Runtime ?? '';
  const run = fn.seed.run?.(runtime, call.body) ?? { payload: { ok: true } };
  const log = run.log ?? `START RequestId: 1\n${runtime}\nEND RequestId: 1\n`;
  return {
    headers: {
      'X-Amz-Executed-Version': qualifier ?? '$LATEST',
      'X-Amz-Log-Result': Buffer.from(log).toString('base64'),
      ...(run.functionError === undefined ? {} : { 'X-Amz-Function-Error': run.functionError }),
    },
    body: run.payload,
  };
}

const metricInput = z.object({
  MetricDataQueries: z.array(
    z.object({
      Id: z.string(),
      MetricStat: z.object({
        Metric: z.object({ Dimensions: z.array(z.object({ Value: z.string() })) }),
      }),
    }),
  ),
});

function getMetricData({ body, region }: Call): Reply {
  const { MetricDataQueries } = metricInput.parse(body);
  return {
    body: {
      MetricDataResults: MetricDataQueries.map(({ Id, MetricStat }) => {
        const name = MetricStat.Metric.Dimensions[0]?.Value ?? '';
        const days = Object.entries(region.get(name)?.seed.invocations ?? {});
        return {
          Id,
          StatusCode: 'Complete',
          Timestamps: days.map(([day]) => Date.parse(day) / 1000),
          Values: days.map(([, count]) => count),
        };
      }),
    },
  };
}
