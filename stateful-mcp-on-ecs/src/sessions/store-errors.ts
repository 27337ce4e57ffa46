import type { Request, RequestHandler, Response } from 'express';
import { HttpError, INTERNAL_ERROR } from '../http-errors.ts';
import { causeFields, type Logger } from '../logger.ts';
import { requestIdOf } from '../mcp/message.ts';
import { ItemTooLarge, StoreFull, StoreUnavailable } from './store.ts';

const RETRY_AFTER_SECONDS = 2;

/** Turns what a store cannot do into answers that tell the client what it can. */
export function retryLater(
  logger: Logger,
  handle: (req: Request, res: Response) => Promise<void>,
): RequestHandler {
  return async (req, res) => {
    try {
      await handle(req, res);
    } catch (error) {
      if (error instanceof StoreUnavailable) {
        logger.error('store unavailable', causeFields(error.cause));
      }
      throw toHttpError(error, req, res);
    }
  };
}

function toHttpError(error: unknown, req: Request, res: Response): unknown {
  const details = { code: INTERNAL_ERROR, id: requestIdOf(req.body) };
  if (error instanceof ItemTooLarge) {
    return new HttpError(413, `The session cannot keep this: ${error.message}`, details);
  }
  if (!(error instanceof StoreUnavailable || error instanceof StoreFull)) return error;
  if (!res.headersSent) res.setHeader('Retry-After', String(RETRY_AFTER_SECONDS));
  const text = `${error.message} Nothing was done: try again in ${RETRY_AFTER_SECONDS} s.`;
  return new HttpError(503, text, details);
}
