import type { Request, Response } from 'express';
import { isRequest } from './message.ts';

/** One HTTP exchange, seen from a server: where its messages go. */
export interface Exchange {
  /** Takes each message the server sends; `status` is the HTTP status a lone answer wants. */
  send(message: object, status?: number): void;
}

/**
 * Opens an exchange that answers with JSON once all of its requests are answered. API Gateway
 * buffers answers, so there is no stream: what comes before the answer (progress) is dropped.
 */
export function openExchange(req: Request, res: Response): Exchange {
  const isBatch = Array.isArray(req.body);
  const requests = isBatch ? req.body.filter(isRequest).length : 1;
  const answers: object[] = [];
  return {
    send(message, status = 200) {
      if ('method' in message) return;
      answers.push(message);
      if (answers.length < requests) return;
      res.status(isBatch ? 200 : status).setHeader('Content-Type', 'application/json');
      res.end(JSON.stringify(isBatch ? answers : message));
    },
  };
}
