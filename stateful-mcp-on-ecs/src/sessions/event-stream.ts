import type { Response } from 'express';
import { eventId } from './ids.ts';
import type { SessionLimits } from './limits.ts';
import type { Part, Source } from './sources.ts';
import { StoreUnavailable } from './store.ts';
import { waitFor } from './wait-for.ts';

/** The protocol version from which clients expect a first event that holds nothing but its id. */
const FIRST_VERSION_WITH_PRIMING = '2025-11-25';

export interface FollowOptions {
  readonly streamId: string;
  /** The number of the last event that the client has. */
  readonly after: number;
  readonly protocolVersion: string;
  readonly limits: SessionLimits;
  readonly draining: AbortSignal;
}

/**
 * Shows a source to a client as server-sent events, until it is over, the client is gone, or this
 * task drains. New streams and resumed ones are the same: events after a number.
 */
export async function follow(
  res: Response,
  source: Source,
  { streamId, after, protocolVersion, limits, draining }: FollowOptions,
): Promise<void> {
  // Ends the present wait: the client is gone, or this task drains.
  let waker = new AbortController();
  const wake = () => {
    waker.abort();
    if (!res.destroyed) waker = new AbortController();
  };
  res.once('close', wake);
  draining.addEventListener('abort', wake, { once: true });
  const mayPrime = protocolVersion >= FIRST_VERSION_WITH_PRIMING;

  try {
    res.status(200).setHeader('Content-Type', 'text/event-stream');
    res.setHeader('Cache-Control', 'no-cache, no-transform');
    // The headers leave with the first event id: a stream cut between the two cannot be resumed.
    const priming = mayPrime ? `id: ${eventId(streamId, after)}\ndata:\n\n` : ': open\n\n';
    res.write(`retry: ${limits.retryMs}\n${priming}`);
    let sent = after;
    let writtenAt = Date.now();
    while (!res.destroyed) {
      const { events, isOver, farewell } = await readThroughOutage(
        source,
        sent,
        waker.signal,
        limits,
      );
      for (const [number, text] of events) {
        sent = number;
        if (text === '') continue;
        writtenAt = Date.now();
        if (!res.write(`id: ${eventId(streamId, number)}\ndata: ${text}\n\n`)) {
          await waitFor(limits.keepAliveMs, waker.signal, res, 'drain');
        }
      }
      if (farewell !== undefined) res.write(`data: ${farewell}\n\n`);
      if (isOver) break;
      if (draining.aborted && !source.isLocal()) {
        res.write(`retry: ${limits.drainRetryMs}\n\n`);
        break;
      }
      if (Date.now() - writtenAt >= limits.keepAliveMs) {
        writtenAt = Date.now();
        res.write(': keep-alive\n\n');
      }
      await source.wait(waker.signal);
    }
  } finally {
    draining.removeEventListener('abort', wake);
    res.end();
  }
}

/** An open stream sits out an outage of the store. */
async function readThroughOutage(
  source: Source,
  after: number,
  signal: AbortSignal,
  { callPollMs }: SessionLimits,
): Promise<Part> {
  try {
    return await source.read(after);
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) throw error;
    await waitFor(callPollMs, signal);
    return { events: [], isOver: false };
  }
}
