import { setMaxListeners } from 'node:events';
import { isJSONRPCRequest } from '@modelcontextprotocol/sdk/types.js';
import type { Request, RequestHandler, Response } from 'express';
import { HttpError, INVALID_REQUEST, UNSUPPORTED_PROTOCOL_VERSION } from '../http-errors.ts';
import {
  isJsonRpcMessage,
  isRecord,
  isRequest,
  type JsonRpcMessage,
  type JsonRpcRequest,
  requestIdOf,
} from '../mcp/message.ts';
import { type Caller, type CallsDependencies, createCalls } from './calls.ts';
import { openStream } from './get.ts';
import { shortId } from './ids.ts';
import { negotiate } from './open-session.ts';
import { OpenStreams } from './open-streams.ts';
import { answerRequest } from './post.ts';
import { sitOut } from './sit-out.ts';
import type { SourceDependencies } from './sources.ts';
import type { SessionRecord } from './store.ts';
import { retryLater } from './store-errors.ts';

/** Sessions exist in these protocol versions; the next one, 2026-07-28, has done away with them. */
const SERVED_VERSIONS = ['2025-11-25', '2025-06-18', '2025-03-26', '2024-11-05', '2024-10-07'];

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export interface SessionEndpoint {
  readonly post: RequestHandler;
  readonly get: RequestHandler;
  readonly delete: RequestHandler;
  /** Requests that this task runs. */
  readonly runningCalls: number;
  /** Resolves when no call runs here, with or without a connection. */
  finish(): Promise<void>;
}

export interface EndpointDependencies extends CallsDependencies {
  /** Aborts when this task begins to stop: streams then end with the advice to reconnect. */
  readonly draining: AbortSignal;
  /** Aborts shortly before it exits: calls that still run are then free for other tasks. */
  readonly ending: AbortSignal;
}

declare module '../request-log.ts' {
  interface RequestLog {
    /** The first characters of the session id. */
    session?: string;
  }
}

/** MCP's Streamable HTTP with sessions: basic/transports of 2025-11-25. */
export function createSessionEndpoint(options: EndpointDependencies): SessionEndpoint {
  const { store, limits, createServer, draining, ending, logger } = options;
  const calls = createCalls(options);
  const deps: SourceDependencies = { store, limits, calls, draining };
  const streams = new OpenStreams(limits);
  // Each open stream listens to it.
  setMaxListeners(0, draining);
  ending.addEventListener('abort', () => void calls.releaseAll(), { once: true });

  async function initialize(req: Request, res: Response, request: JsonRpcRequest): Promise<void> {
    const server = createServer(NO_SESSION);
    const { answer, session } = await negotiate(server, request, clientOf(req), limits);
    if (session) {
      await store.createSession(session);
      res.locals.requestLog.session = shortId(session.id);
      res.setHeader('Mcp-Session-Id', session.id);
    }
    res.json(answer);
  }

  async function callerOf(req: Request, res: Response, calls?: number): Promise<Caller> {
    const session = await findSession(req, res, calls);
    return { session, headers: req.headers, authInfo: req.auth };
  }

  async function findSession(req: Request, res: Response, calls = 0): Promise<SessionRecord> {
    const id = req.get('mcp-session-id');
    const details = { id: requestIdOf(req.body) };
    if (id === undefined) {
      const text = 'The Mcp-Session-Id header is missing. Initialize a session first.';
      throw new HttpError(400, text, details);
    }
    const touch = { clientId: clientOf(req), calls };
    const session = UUID.test(id) ? await store.touchSession(id, touch) : undefined;
    if (!session) {
      const text = 'The session is unknown or over. Initialize a new one.';
      throw new HttpError(404, text, { ...details, code: SESSION_NOT_FOUND });
    }
    res.locals.requestLog.session = shortId(id);
    return session;
  }

  return {
    get runningCalls() {
      return calls.size;
    },

    post: retryLater(logger, async (req, res) => {
      const message = messageOf(req.body);
      checkVersion(req);
      if (isRequest(message) && message.method === 'initialize') {
        return initialize(req, res, message);
      }
      if (isRequest(message)) {
        return answerRequest(res, await callerOf(req, res, 1), message, deps);
      }
      if ('method' in message) {
        const { id } = await findSession(req, res);
        await cancelWhereAsked(message, (requestId) => calls.cancel(id, requestId));
      } else {
        // A client answers once, and not again when it gets 503: its answer waits for the store.
        const deliver = async () => calls.answer((await findSession(req, res)).id, message);
        await sitOut(deliver, limits, () => res.destroyed);
      }
      res.status(202).end();
    }),

    get: retryLater(logger, async (req, res) => {
      checkVersion(req);
      if (!req.accepts('text/event-stream')) {
        throw new HttpError(406, 'The answer is a stream: accept text/event-stream.');
      }
      const caller = await callerOf(req, res);
      streams.add(res, caller.session.id);
      await openStream(res, caller, req.get('last-event-id'), deps);
    }),

    delete: retryLater(logger, async (req, res) => {
      checkVersion(req);
      const { session } = await callerOf(req, res);
      await store.deleteSession(session.id);
      calls.announced.emit(session.id);
      res.status(204).end();
    }),

    async finish() {
      while (calls.size > 0) await calls.untilOneEnds();
    },
  };
}

/** The code that the SDK's own server gives. */
const SESSION_NOT_FOUND = -32001;

/** What `initialize` runs with: it has no session yet, and touches none. */
const NO_SESSION = {
  calls: 0,
  clientCapabilities: {},
  callId: '',
  read: async () => ({}),
  update: async () => ({}),
  announce: async () => {},
  setSubscription: async () => {},
};

function clientOf(req: Request): string {
  return req.auth?.clientId ?? '';
}

function messageOf(body: unknown): JsonRpcMessage {
  // The SDK drops a request that it does not recognise without an answer: it is asked first.
  if (isJsonRpcMessage(body) && (!isRequest(body) || isJSONRPCRequest(body))) return body;
  const text = Array.isArray(body)
    ? 'Send one message: batches are not served here, and protocol version 2025-06-18 has removed them.'
    : 'The body is JSON but not a JSON-RPC 2.0 message.';
  throw new HttpError(400, text, { code: INVALID_REQUEST, id: requestIdOf(body) });
}

function checkVersion(req: Request): void {
  const requested = req.get('mcp-protocol-version');
  if (requested === undefined || SERVED_VERSIONS.includes(requested)) return;
  throw new HttpError(
    400,
    `Unsupported protocol version: ${requested}. Sessions end with 2025-11-25.`,
    {
      code: UNSUPPORTED_PROTOCOL_VERSION,
      data: { supported: SERVED_VERSIONS, requested },
      id: requestIdOf(req.body),
    },
  );
}

async function cancelWhereAsked(
  message: Extract<JsonRpcMessage, { method: string }>,
  cancel: (requestId: string | number) => Promise<void>,
): Promise<void> {
  if (message.method !== 'notifications/cancelled' || !isRecord(message.params)) return;
  const { requestId } = message.params;
  if (typeof requestId === 'string' || typeof requestId === 'number') await cancel(requestId);
}
