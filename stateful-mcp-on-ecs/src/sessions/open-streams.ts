import type { Response } from 'express';
import { HttpError } from '../http-errors.ts';
import type { SessionLimits } from './limits.ts';

const RETRY_AFTER_SECONDS = 5;

/** Counts the streams that are open on this task. */
export class OpenStreams {
  readonly #limits: SessionLimits;
  readonly #bySession = new Map<string, number>();
  #total = 0;

  constructor(limits: SessionLimits) {
    this.#limits = limits;
  }

  /** Counts one until its response closes. @throws {HttpError} 503 or 429 when there are too many */
  add(res: Response, sessionId: string): void {
    const { maxStreams, maxStreamsPerSession } = this.#limits;
    const ofSession = this.#bySession.get(sessionId) ?? 0;
    if (this.#total >= maxStreams) {
      res.setHeader('Retry-After', String(RETRY_AFTER_SECONDS));
      throw new HttpError(503, `This task has ${maxStreams} open streams. Try again shortly.`);
    }
    if (ofSession >= maxStreamsPerSession) {
      throw new HttpError(429, `The session has ${maxStreamsPerSession} open streams: close one.`);
    }
    this.#total += 1;
    this.#bySession.set(sessionId, ofSession + 1);
    res.once('close', () => this.#remove(sessionId));
  }

  #remove(sessionId: string): void {
    this.#total -= 1;
    const ofSession = (this.#bySession.get(sessionId) ?? 1) - 1;
    if (ofSession > 0) this.#bySession.set(sessionId, ofSession);
    else this.#bySession.delete(sessionId);
  }
}
