import type { RequestHandler, Response } from 'express';
import { HttpError, INVALID_REQUEST, UNSUPPORTED_PROTOCOL_VERSION } from '../http-errors.ts';
import type { McpDependencies } from './dependencies.ts';
import { claimOf, ERAS, type Era, eraOf, type ServePost } from './eras.ts';
import {
  isJsonRpcMessage,
  isRecord,
  isRequest,
  type JsonRpcMessage,
  methodForLog,
  requestIdOf,
} from './message.ts';

const SERVED_VERSIONS = ERAS.flatMap(({ versions }) => versions);

/**
 * POST /mcp: checks the shape and the protocol version of a body that express.json() has parsed,
 * then hands it to its era. It counts the requests that this process has answered.
 */
export function serveMcp(deps: McpDependencies): RequestHandler {
  const loaded = new Map<Era, Promise<ServePost>>();
  let requestCount = 0;

  function load(era: Era): Promise<ServePost> {
    const serve = loaded.get(era) ?? era.load().then(({ serveEra }) => serveEra(deps));
    loaded.set(era, serve);
    return serve;
  }

  return async (req, res) => {
    const body: unknown = req.body;
    const messages = messagesOf(body);
    const era = servedEra(req.get('mcp-protocol-version'), body);
    describe(res, era, messages, deps);
    requestCount += messages.filter(isRequest).length;
    const serve = await load(era);
    await serve(req, res, messages, {
      servedBy: deps.servedBy,
      version: deps.serverInfo.version,
      requestCount,
      uptimeSeconds: Math.round(performance.now() / 1000),
    });
  };
}

function messagesOf(body: unknown): readonly JsonRpcMessage[] {
  const messages: readonly unknown[] = Array.isArray(body) ? body : [body];
  if (messages.length > 0 && messages.every(isJsonRpcMessage)) return messages;
  throw new HttpError(400, 'The body is JSON but not a JSON-RPC 2.0 message.', {
    code: INVALID_REQUEST,
    id: requestIdOf(body),
  });
}

function servedEra(versionHeader: string | undefined, body: unknown): Era {
  const name = eraOf(versionHeader, body);
  const era = ERAS.find((candidate) => candidate.name === name);
  const isVersionServed = versionHeader === undefined || SERVED_VERSIONS.includes(versionHeader);
  if (era !== undefined && isVersionServed) return era;
  const requested = versionHeader ?? 'unknown';
  // A client with an envelope gets what server/discover would tell it, any other the whole list.
  const supported = era !== undefined && claimOf(body) ? era.versions : SERVED_VERSIONS;
  throw new HttpError(400, `Unsupported protocol version: ${requested}`, {
    code: UNSUPPORTED_PROTOCOL_VERSION,
    data: { supported, requested },
    id: requestIdOf(body),
  });
}

function describe(
  res: Response,
  era: Era,
  messages: readonly JsonRpcMessage[],
  { tools }: McpDependencies,
): void {
  const [message] = messages;
  if (message === undefined) return;
  const { requestLog } = res.locals;
  requestLog.era = era.name;
  requestLog.mcpMethod = messages.length > 1 ? 'batch' : methodForLog(message);
  if (requestLog.mcpMethod !== 'tools/call' || !('params' in message)) return;
  const name = isRecord(message.params) ? message.params.name : undefined;
  requestLog.tool = tools.find((tool) => tool.name === name)?.name ?? 'unknown';
}
