import express, { type Express, type RequestHandler } from 'express';
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
  /** Sets `req.auth` or refuses. Without it the server is public. */
  readonly authenticate?: RequestHandler;
}

/** The HTTP surface. Nothing here listens: the entry points do that. */
export function createApp(deps: AppDependencies): Express {
  const { logger, servedBy, serverInfo, allowedOrigins, listensOnLoopback } = deps;
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  // As API Gateway matches its routes: /MCP and /mcp/ are other paths.
  app.enable('case sensitive routing');
  app.enable('strict routing');

  app.use(logRequests(logger));
  app.get('/health', (_req, res) => {
    res.json({ status: 'ok', version: serverInfo.version, servedBy });
  });
  app.use(
    '/mcp',
    requireLoopbackHost(listensOnLoopback),
    requireAllowedOrigin(allowedOrigins, listensOnLoopback),
  );
  if (deps.authenticate) app.use('/mcp', deps.authenticate);
  app.post('/mcp', requireJson, readJson(), serveMcp(deps));
  app.all('/mcp', methodNotAllowed('POST'));

  app.use(notFound);
  app.use(errorHandler(logger));
  return app;
}
