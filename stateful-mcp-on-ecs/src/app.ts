import express, { type Express, type RequestHandler } from 'express';
import { limitConcurrentCalls } from './capacity.ts';
import { errorHandler, methodNotAllowed, notFound } from './http-errors.ts';
import { describeMessage } from './mcp/describe-message.ts';
import { type ServerDependencies, serverFactory } from './mcp/server.ts';
import { repeatableWith } from './repeatable.ts';
import {
  readJson,
  requireAllowedOrigin,
  requireJson,
  requireLoopbackHost,
} from './request-guards.ts';
import { logRequests } from './request-log.ts';
import { createSessionEndpoint, type SessionEndpoint } from './sessions/endpoint.ts';
import type { SessionLimits } from './sessions/limits.ts';
import type { SessionStore } from './sessions/store.ts';

export interface AppDependencies extends ServerDependencies {
  readonly allowedOrigins: readonly string[];
  readonly listensOnLoopback: boolean;
  readonly maxConcurrentCalls: number;
  readonly store: SessionStore;
  readonly limits: SessionLimits;
  /** Names this process among all that ever use the store. */
  readonly owner: string;
  /** Aborts when this task begins to stop. */
  readonly draining: AbortSignal;
  /** Aborts shortly before it exits. */
  readonly ending: AbortSignal;
  /** Sets `req.auth` or refuses. Without it the server is public. */
  readonly authenticate?: RequestHandler;
}

const METHODS = ['GET', 'POST', 'DELETE'];

/** The HTTP surface, and the sessions behind it. Nothing here listens: the entry points do that. */
export function createApp(deps: AppDependencies): { app: Express; sessions: SessionEndpoint } {
  const { logger, allowedOrigins, listensOnLoopback, tools } = deps;
  const sessions = createSessionEndpoint({
    ...deps,
    createServer: serverFactory(deps),
    replaysInitialize: false,
    isRepeatable: repeatableWith(tools),
  });
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.enable('case sensitive routing');
  app.enable('strict routing');

  app.use(logRequests(logger));
  app.use(closeWhileDraining(deps));
  app.get('/health', health(deps));
  app.use(
    '/mcp',
    requireLoopbackHost(listensOnLoopback),
    requireAllowedOrigin(allowedOrigins, listensOnLoopback, METHODS),
  );
  if (deps.authenticate) app.use('/mcp', deps.authenticate);
  app.post(
    '/mcp',
    requireJson,
    readJson(),
    describeMessage(tools),
    limitConcurrentCalls(deps.maxConcurrentCalls),
    sessions.post,
  );
  // Before GET: Express would answer it there, and open a stream.
  app.head('/mcp', methodNotAllowed(...METHODS));
  app.get('/mcp', sessions.get);
  app.delete('/mcp', sessions.delete);
  app.all('/mcp', methodNotAllowed(...METHODS));

  app.use(notFound);
  app.use(errorHandler(logger));
  return { app, sessions };
}

/**
 * 503 while draining, so that the load balancer sends new calls elsewhere. Trouble of the store is
 * told and no reason to be replaced: another task would have the same.
 */
function health(deps: AppDependencies): RequestHandler {
  const { draining, serverInfo, store } = deps;
  return (_req, res) => {
    const status = draining.aborted ? 'draining' : 'ok';
    res.status(draining.aborted ? 503 : 200).json({
      status,
      version: serverInfo.version,
      servedBy: deps.servedBy,
      store: `${store.kind} ${store.isAvailable ? 'ok' : 'unavailable'}`,
    });
  };
}

/** While draining, a connection ends with its answer: the next call of its client goes elsewhere. */
function closeWhileDraining({ draining }: AppDependencies): RequestHandler {
  return (_req, res, next) => {
    if (draining.aborted) res.setHeader('Connection', 'close');
    next();
  };
}
