import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type {
  APIGatewayProxyEventV2,
  APIGatewayProxyStructuredResultV2,
  Context,
} from 'aws-lambda';

export type LambdaHandler = (
  event: APIGatewayProxyEventV2,
  context: Context,
) => Promise<string | APIGatewayProxyStructuredResultV2>;

/** API Gateway's own limits: "Quotas for HTTP APIs". */
const MAX_PAYLOAD_BYTES = 10 * 1024 * 1024;
const INTEGRATION_TIMEOUT_MS = 30_000;
const TEXT_TYPES = /^(text\/|application\/(json|javascript|xml|x-www-form-urlencoded))/;

/**
 * Puts a Lambda handler behind HTTP as an API Gateway HTTP API does, with events of payload format
 * 2.0, so that what runs here is what runs there. It does not listen yet.
 */
export function createLocalGateway(handler: LambdaHandler): Server {
  return createServer(async (req, res) => {
    try {
      const body = await readBody(req);
      if (body === undefined) return sendOwnAnswer(res, 413, 'Request Entity Too Large');
      sendResult(res, await invoke(handler, toEvent(req, body)));
    } catch (error) {
      console.error(error);
      sendOwnAnswer(res, 500, 'Internal Server Error');
    }
  });
}

/** Resolves to the body, or to undefined when it is larger than API Gateway takes. */
async function readBody(req: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of req) {
    size += chunk.length;
    if (size <= MAX_PAYLOAD_BYTES) chunks.push(chunk);
  }
  return size <= MAX_PAYLOAD_BYTES ? Buffer.concat(chunks) : undefined;
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html */
function toEvent(req: IncomingMessage, body: Buffer): APIGatewayProxyEventV2 {
  const method = req.method ?? 'GET';
  const [rawPath = '/', rawQueryString = ''] = (req.url ?? '/').split(/\?(.*)/s);
  const { cookie, ...headers } = joinHeaders(req);
  const isBase64Encoded = !TEXT_TYPES.test(headers['content-type'] ?? 'text/plain');
  const now = new Date();
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath,
    rawQueryString,
    headers,
    ...(cookie !== undefined && { cookies: cookie.split('; ') }),
    requestContext: {
      accountId: '000000000000',
      apiId: 'local',
      domainName: headers.host ?? '',
      domainPrefix: 'local',
      http: {
        method,
        path: rawPath,
        protocol: `HTTP/${req.httpVersion}`,
        sourceIp: req.socket.remoteAddress ?? '',
        userAgent: headers['user-agent'] ?? '',
      },
      requestId: randomUUID(),
      routeKey: '$default',
      stage: '$default',
      time: now.toUTCString(),
      timeEpoch: now.getTime(),
    },
    ...(body.length > 0 && { body: body.toString(isBase64Encoded ? 'base64' : 'utf8') }),
    isBase64Encoded,
  };
}

/** Header names in lower case, and repeated headers joined by commas. */
function joinHeaders(req: IncomingMessage): Record<string, string> {
  const entries = Object.entries(req.headersDistinct).map(([name, values = []]) => {
    return [name, values.join(name === 'cookie' ? '; ' : ',')];
  });
  return Object.fromEntries(entries);
}

async function invoke(
  handler: LambdaHandler,
  event: APIGatewayProxyEventV2,
): Promise<APIGatewayProxyStructuredResultV2> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<APIGatewayProxyStructuredResultV2>((resolve) => {
    timer = setTimeout(resolve, INTEGRATION_TIMEOUT_MS, ownAnswer(503, 'Service Unavailable'));
  });
  // `as`: a context has a dozen fields for the Lambda service, and no code here reads another one.
  const context = { awsRequestId: event.requestContext.requestId } as Context;
  try {
    const result = await Promise.race([handler(event, context), timeout]);
    return typeof result === 'string' ? { statusCode: 200, body: result } : result;
  } finally {
    clearTimeout(timer);
  }
}

function sendResult(res: ServerResponse, result: APIGatewayProxyStructuredResultV2): void {
  const { statusCode = 200, headers = {}, cookies = [], body = '', isBase64Encoded } = result;
  res.statusCode = statusCode;
  for (const [name, value] of Object.entries(headers)) res.setHeader(name, String(value));
  if (cookies.length > 0) res.setHeader('set-cookie', cookies);
  res.end(Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8'));
}

function sendOwnAnswer(res: ServerResponse, statusCode: number, message: string): void {
  sendResult(res, ownAnswer(statusCode, message));
}

/** The form of the answers that API Gateway gives by itself. */
function ownAnswer(statusCode: number, message: string): APIGatewayProxyStructuredResultV2 {
  const headers = { 'content-type': 'application/json' };
  return { statusCode, headers, body: JSON.stringify({ message }) };
}
