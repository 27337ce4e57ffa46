import { AccountClient, ListRegionsCommand } from '@aws-sdk/client-account';
import {
  CloudWatchClient,
  GetMetricDataCommand,
  type MetricDataQuery,
} from '@aws-sdk/client-cloudwatch';
import {
  GetFunctionConfigurationCommand,
  GetLayerVersionByArnCommand,
  GetRuntimeManagementConfigCommand,
  InvokeCommand,
  type InvokeCommandInput,
  LambdaClient,
  ListAliasesCommand,
  ListFunctionsCommand,
  type ListFunctionsCommandInput,
  ListTagsCommand,
  PublishVersionCommand,
  type Runtime,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { AwsFailure } from './failure.ts';

const MAX_ATTEMPTS = 5;
const TIMEOUTS = {
  connectionTimeout: 5_000,
  requestTimeout: 30_000,
  // Without this the SDK only prints a warning, and the call waits on.
  throwOnRequestTimeout: true,
};
/** A function runs for at most 15 minutes; the answer may be a little later. */
const INVOKE_TIMEOUTS = { ...TIMEOUTS, requestTimeout: 910_000 };

export type Aws = ReturnType<typeof createAws>;

/**
 * Every call this server can make to AWS, and the only file that makes one: what is not here, the
 * server cannot do. Credentials, region and endpoints come from the SDK's usual chain.
 * Each call throws {AwsFailure}, which names the IAM action.
 */
export function createAws() {
  // Adaptive mode slows down by itself while AWS throttles. One home client resolves the credentials
  // once; the clients of the other regions share them and its sockets.
  const home = new LambdaClient({
    retryMode: 'adaptive',
    maxAttempts: MAX_ATTEMPTS,
    requestHandler: TIMEOUTS,
  });
  const { credentials, requestHandler } = home.config;
  const shared = { credentials, requestHandler, retryMode: 'adaptive', maxAttempts: MAX_ATTEMPTS };
  const lambda = perRegion((region) => {
    const client = new LambdaClient({ ...shared, region });
    // It copies every page, to keep secrets out of a log that is not kept: a tenth of a scan's time.
    client.middlewareStack.remove('loggerMiddleware');
    return client;
  });
  // A run cannot be taken back, so an invocation whose answer was lost is not sent again.
  const invoker = perRegion(
    (region) =>
      new LambdaClient({ credentials, requestHandler: INVOKE_TIMEOUTS, maxAttempts: 1, region }),
  );
  const cloudWatch = perRegion((region) => new CloudWatchClient({ ...shared, region }));

  return {
    homeRegion: () => call('region', '', () => home.config.region()),

    listRegions: (region: string, NextToken?: string) =>
      call('account:ListRegions', region, () =>
        new AccountClient({ ...shared, region }).send(
          new ListRegionsCommand({
            RegionOptStatusContains: ['ENABLED', 'ENABLED_BY_DEFAULT'],
            MaxResults: 50,
            NextToken,
          }),
        ),
      ),

    listFunctions: (region: string, input: ListFunctionsCommandInput) =>
      call('lambda:ListFunctions', region, () =>
        lambda(region).send(new ListFunctionsCommand(input)),
      ),

    getConfiguration: (region: string, FunctionName: string, Qualifier?: string) =>
      call('lambda:GetFunctionConfiguration', region, () =>
        lambda(region).send(new GetFunctionConfigurationCommand({ FunctionName, Qualifier })),
      ),

    getRuntimeManagement: (region: string, FunctionName: string) =>
      call('lambda:GetRuntimeManagementConfig', region, () =>
        lambda(region).send(new GetRuntimeManagementConfigCommand({ FunctionName })),
      ),

    getLayer: (region: string, Arn: string) =>
      call('lambda:GetLayerVersion', region, () =>
        lambda(region).send(new GetLayerVersionByArnCommand({ Arn })),
      ),

    listAliases: (region: string, FunctionName: string, Marker?: string) =>
      call('lambda:ListAliases', region, () =>
        lambda(region).send(new ListAliasesCommand({ FunctionName, Marker, MaxItems: 50 })),
      ),

    listTags: (region: string, Resource: string) =>
      call('lambda:ListTags', region, () => lambda(region).send(new ListTagsCommand({ Resource }))),

    getMetricData: (region: string, MetricDataQueries: MetricDataQuery[], from: Date, to: Date) =>
      call('cloudwatch:GetMetricData', region, () =>
        cloudWatch(region).send(
          new GetMetricDataCommand({ MetricDataQueries, StartTime: from, EndTime: to }),
        ),
      ),

    publishVersion: (
      region: string,
      FunctionName: string,
      RevisionId: string | undefined,
      Description: string,
    ) =>
      call('lambda:PublishVersion', region, () =>
        lambda(region).send(new PublishVersionCommand({ FunctionName, RevisionId, Description })),
      ),

    tag: (region: string, Resource: string, Tags: Record<string, string>) =>
      call('lambda:TagResource', region, () =>
        lambda(region).send(new TagResourceCommand({ Resource, Tags })),
      ),

    untag: (region: string, Resource: string, TagKeys: string[]) =>
      call('lambda:UntagResource', region, () =>
        lambda(region).send(new UntagResourceCommand({ Resource, TagKeys })),
      ),

    setRuntime: (
      region: string,
      FunctionName: string,
      runtime: string,
      RevisionId: string | undefined,
    ) =>
      call('lambda:UpdateFunctionConfiguration', region, () =>
        lambda(region).send(
          // `as`: the SDK's type is the list of its release day; AWS's table may be newer.
          new UpdateFunctionConfigurationCommand({
            FunctionName,
            Runtime: runtime as Runtime,
            RevisionId,
          }),
        ),
      ),

    invoke: (region: string, input: InvokeCommandInput, abortSignal?: AbortSignal) =>
      call('lambda:InvokeFunction', region, () =>
        invoker(region).send(
          new InvokeCommand(input),
          abortSignal === undefined ? {} : { abortSignal },
        ),
      ),
  };
}

async function call<T>(action: string, region: string, send: () => Promise<T>): Promise<T> {
  try {
    return await send();
  } catch (cause) {
    throw new AwsFailure(action, region, cause);
  }
}

function perRegion<Client>(make: (region: string) => Client): (region: string) => Client {
  const clients = new Map<string, Client>();
  return (region) => {
    const client = clients.get(region) ?? make(region);
    clients.set(region, client);
    return client;
  };
}
