import { randomUUID } from 'node:crypto';
import type { Request, RequestHandler } from 'express';
import type { Logger } from './logger.ts';

/** What the MCP layer adds to the log line of its request. */
export interface RequestLog {
  requestId: string;
  era?: string;
  mcpMethod?: string;
  tool?: string;
}

/** What balancers log when the client left before it had its answer. */
const CLIENT_LEFT = 499;

declare global {
  namespace Express {
    interface Locals {
      requestLog: RequestLog;
    }
  }
}

/** Logs one line per request, after its answer: who, what, how it went. Never what was in it. */
export function logRequests(logger: Logger): RequestHandler {
  return (req, res, next) => {
    const startedAt = performance.now();
    const requestLog: RequestLog = { requestId: requestIdOf(req) };
    res.locals.requestLog = requestLog;
    function log(status: number): void {
      const milliseconds = Math.round((performance.now() - startedAt) * 10) / 10;
      // The route and not the path: a path is the client's text and may hold anything.
      const route = typeof req.route?.path === 'string' ? req.route.path : 'unmatched';
      logger.info('request', {
        ...requestLog,
        httpMethod: req.method,
        route,
        status,
        milliseconds,
      });
    }
    // Behind serverless-express there is no socket, so `finish` comes and `close` does not. A client
    // that leaves in mid-body is refused without a `finish`, though the answer then counts as finished.
    let isFinished = false;
    res.once('finish', () => {
      isFinished = true;
      log(res.statusCode);
    });
    res.once('close', () => {
      if (!isFinished) log(CLIENT_LEFT);
    });
    next();
  };
}

/** The id that AWS's own logs use: Lambda's (set in lambda.ts), or the trace id of API Gateway or ALB. */
function requestIdOf(req: Request): string {
  const given = req.get('x-request-id') ?? req.get('x-amzn-trace-id');
  return given !== undefined && /^[\w=;:.-]{1,200}$/.test(given) ? given : randomUUID();
}
