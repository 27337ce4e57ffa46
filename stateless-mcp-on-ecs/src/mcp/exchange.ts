import type { Request, Response } from 'express';
import { INTERNAL_ERROR } from '../http-errors.ts';
import { isJsonRpcMessage, isRequest } from './message.ts';

/** Well below a balancer's idle timeout (an ALB's is 60 s), or a quiet stream would be cut. */
const KEEP_ALIVE_MS = 15_000;

declare global {
  namespace Express {
    interface Locals {
      /** Aborts when this process is about to exit. */
      ending?: AbortSignal;
    }
  }
}

/** One HTTP exchange, seen from a server: where its messages go. */
export interface Exchange {
  /** Takes each message the server sends; `status` is the HTTP status a lone answer wants. */
  send(message: object, status?: number): void;
}

/**
 * Opens an exchange that answers with JSON, and turns into an SSE stream when a message precedes the
 * answer and the client reads streams. It ends when all of its requests are answered, or with an
 * error for each that is not when the process stops.
 */
export function openExchange(req: Request, res: Response): Exchange {
  const isBatch = Array.isArray(req.body);
  const open = new Set(requestIds(req.body));
  const canStream = req.get('accept')?.includes('text/event-stream') ?? false;
  const answers: object[] = [];
  let isStreaming = false;
  let isAnswered = false;

  function send(message: object, status = 200): void {
    if (isAnswered || res.destroyed) return;
    const isAnswer = !('method' in message);
    if (!isAnswer && !canStream) return;
    if (!isAnswer && !isStreaming) startStream();
    if (isStreaming) res.write(frame(message));
    else answers.push(message);
    if (isAnswer && 'id' in message) open.delete(message.id);
    if (open.size > 0) return;
    isAnswered = true;
    if (isStreaming) return void res.end();
    const body = JSON.stringify(isBatch ? answers : message);
    // All answers of this turn of the event loop leave after it: a busy task alternates less between
    // reading and writing, and serves half as many calls more.
    setImmediate(() => {
      res.status(isBatch ? 200 : status).setHeader('Content-Type', 'application/json');
      // In one go: Node.js then knows the Content-Length, and sends head and body as one piece.
      res.end(body);
    });
  }

  function startStream(): void {
    isStreaming = true;
    res.setHeader('Content-Type', 'text/event-stream');
    // no-transform: a proxy that compresses would hold events back.
    res.setHeader('Cache-Control', 'no-cache, no-transform');
    for (const answer of answers) res.write(frame(answer));
    const keepAlive = setInterval(() => res.write(': keep-alive\n\n'), KEEP_ALIVE_MS);
    res.once('close', () => clearInterval(keepAlive));
  }

  function failOpen(): void {
    const error = {
      code: INTERNAL_ERROR,
      message: 'The task is stopping and ended this call. Call again: another task answers.',
    };
    for (const id of [...open]) send({ jsonrpc: '2.0', id, error }, 503);
  }

  const { ending } = res.locals;
  if (ending?.aborted) failOpen();
  ending?.addEventListener('abort', failOpen);
  res.once('close', () => ending?.removeEventListener('abort', failOpen));
  return { send };
}

function requestIds(body: unknown): unknown[] {
  const messages: readonly unknown[] = Array.isArray(body) ? body : [body];
  return messages
    .filter((message) => isJsonRpcMessage(message))
    .filter(isRequest)
    .map(({ id }) => id);
}

function frame(message: object): string {
  return `event: message\ndata: ${JSON.stringify(message)}\n\n`;
}
