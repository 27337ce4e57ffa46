import * as z from 'zod';
import type { EmulatedFunction } from './account.ts';
import { accessDenied, notFound } from './aws-error.ts';
import { type Call, functionOf, type Operation, type Reply } from './call.ts';
import { publishVersion, updateConfiguration } from './changes.ts';
import { latest, listed, versionState } from './configuration.ts';

const PAGE_SIZE = 50;

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
