import type { RequestHandler } from 'express';
import { HttpError } from './http-errors.ts';
import { isRecord, requestIdOf } from './mcp/message.ts';

const RETRY_AFTER_SECONDS = 1;

/**
 * Refuses calls beyond a number at once with 503, so that a task under a flood stays quick for those
 * that it has taken on. Subscriptions wait and do not work: they have a limit of their own.
 */
export function limitConcurrentCalls(maxConcurrentCalls: number): RequestHandler {
  let running = 0;
  return (req, res, next) => {
    if (isRecord(req.body) && req.body.method === 'subscriptions/listen') return next();
    if (running >= maxConcurrentCalls) {
      res.setHeader('Retry-After', RETRY_AFTER_SECONDS);
      throw new HttpError(
        503,
        'This task is at its limit of concurrent calls. Try again shortly.',
        {
          id: requestIdOf(req.body),
        },
      );
    }
    running += 1;
    res.once('close', () => {
      running -= 1;
    });
    next();
  };
}
