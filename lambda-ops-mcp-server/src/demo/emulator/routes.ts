import type { IncomingMessage } from 'node:http';
import { AwsError } from './aws-error.ts';

export interface Route {
  /** The IAM action that allows the call. */
  readonly action: string;
  readonly region: string;
  /** Function name or ARN; empty where the call has none. */
  readonly target: string;
  readonly query: URLSearchParams;
}

const ROUTES: readonly [method: string, path: RegExp, action: string][] = [
  ['GET', /^\/2015-03-31\/functions$/, 'lambda:ListFunctions'],
  ['GET', /^\/2015-03-31\/functions\/([^/]+)\/configuration$/, 'lambda:GetFunctionConfiguration'],
  [
    'PUT',
    /^\/2015-03-31\/functions\/([^/]+)\/configuration$/,
    'lambda:UpdateFunctionConfiguration',
  ],
  ['POST', /^\/2015-03-31\/functions\/([^/]+)\/versions$/, 'lambda:PublishVersion'],
  ['GET', /^\/2015-03-31\/functions\/([^/]+)\/aliases$/, 'lambda:ListAliases'],
  ['POST', /^\/2015-03-31\/functions\/([^/]+)\/invocations$/, 'lambda:InvokeFunction'],
  [
    'GET',
    /^\/2021-07-20\/functions\/([^/]+)\/runtime-management-config$/,
    'lambda:GetRuntimeManagementConfig',
  ],
  ['GET', /^\/2018-10-31\/layers$/, 'lambda:GetLayerVersion'],
  ['GET', /^\/2017-03-31\/tags\/(.+)$/, 'lambda:ListTags'],
  ['POST', /^\/2017-03-31\/tags\/(.+)$/, 'lambda:TagResource'],
  ['DELETE', /^\/2017-03-31\/tags\/(.+)$/, 'lambda:UntagResource'],
  ['POST', /^\/listRegions$/, 'account:ListRegions'],
];

/** Finds out what a signed request asks for. The region is in the signature's scope. */
export function routeOf(request: IncomingMessage): Route {
  const url = new URL(request.url ?? '/', 'http://emulator');
  const region = /Credential=[^/]+\/\d{8}\/([^/]+)\//.exec(
    request.headers.authorization ?? '',
  )?.[1];
  if (region === undefined) {
    throw new AwsError(403, 'MissingAuthenticationTokenException', 'The request is not signed');
  }
  const common = { region, query: url.searchParams };
  if (String(request.headers['x-amz-target']).endsWith('.GetMetricData')) {
    return { ...common, action: 'cloudwatch:GetMetricData', target: '' };
  }
  for (const [method, path, action] of ROUTES) {
    const match = method === request.method ? path.exec(url.pathname) : null;
    if (match !== null) return { ...common, action, target: decodeURIComponent(match[1] ?? '') };
  }
  throw new AwsError(404, 'UnknownOperationException', `${request.method} ${url.pathname}`);
}
