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
    res.once('close', () => {
      logger.info('request', {
        ...requestLog,
        httpMethod: req.method,
        // The route and not the path: a path is the client's text and may hold anything.
        route: typeof req.route?.path === 'string' ? req.route.path : 'unmatched',
        // 499 is what balancers write when the client left before it had its answer.
        status: res.writableFinished ? res.statusCode : 499,
        milliseconds: Math.round((performance.now() - startedAt) * 10) / 10,
      });
    });
    next();
  };
}

/** The id that AWS's own logs use: Lambda's (set in lambda.ts), or the trace id of API Gateway or ALB. */
function requestIdOf(req: Request): string {
  const given = req.get('x-request-id') ?? req.get('x-amzn-trace-id');
  return given !== undefined && /^[\w=;:.-]{1,200}$/.test(given) ? given : randomUUID();
}
