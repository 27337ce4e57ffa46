import express, { type Express, type RequestHandler } from 'express';
import { limitConcurrentCalls } from './capacity.ts';
import { errorHandler, methodNotAllowed, notFound } from './http-errors.ts';
import type { McpDependencies } from './mcp/dependencies.ts';
import { serveMcp } from './mcp/endpoint.ts';
import {
  readJson,
  requireAllowedOrigin,
  requireJson,
  requireLoopbackHost,
} from './request-guards.ts';
import { logRequests } from './request-log.ts';

export interface AppDependencies extends McpDependencies {
  readonly allowedOrigins: readonly string[];
  readonly listensOnLoopback: boolean;
  readonly maxConcurrentCalls: number;
  /** Aborts shortly before this process exits. */
  readonly ending: AbortSignal;
  /** Sets `req.auth` or refuses. Without it the server is public. */
  readonly authenticate?: RequestHandler;
}

/** The HTTP surface. Nothing here listens: the entry points do that. */
export function createApp(deps: AppDependencies): Express {
  const { logger, allowedOrigins, listensOnLoopback } = deps;
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.enable('case sensitive routing');
  app.enable('strict routing');

  app.use(logRequests(logger));
  app.use(followStop(deps));
  app.get('/health', health(deps));
  app.use(
    '/mcp',
    requireLoopbackHost(listensOnLoopback),
    requireAllowedOrigin(allowedOrigins, listensOnLoopback),
  );
  if (deps.authenticate) app.use('/mcp', deps.authenticate);
  app.post(
    '/mcp',
    requireJson,
    readJson(),
    limitConcurrentCalls(deps.maxConcurrentCalls),
    serveMcp(deps),
  );
  app.all('/mcp', methodNotAllowed('POST'));

  app.use(notFound);
  app.use(errorHandler(logger));
  return app;
}

/** 503 while draining, so that the load balancer sends new calls elsewhere. */
function health(deps: AppDependencies): RequestHandler {
  const { draining, serverInfo } = deps;
  return (_req, res) => {
    const status = draining.aborted ? 'draining' : 'ok';
    res.status(draining.aborted ? 503 : 200);
    res.json({ status, version: serverInfo.version, servedBy: deps.servedBy });
  };
}

/** While draining, a connection ends with its answer: the next call of its client goes elsewhere. */
function followStop({ draining, ending }: AppDependencies): RequestHandler {
  return (_req, res, next) => {
    if (draining.aborted) res.setHeader('Connection', 'close');
    res.locals.ending = ending;
    next();
  };
}
