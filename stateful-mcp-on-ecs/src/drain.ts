import { once } from 'node:events';
import type { Server } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/** How long streams get to say goodbye before the deadline. */
const GOODBYE_MS = 1000;
const SWEEP_INTERVAL_MS = 100;

/** The phases of a stop; the app listens to them. */
export interface Stop {
  /** Aborts first: health turns 503, connections close after their answer, subscriptions end. */
  readonly draining: AbortController;
  /** Aborts shortly before the deadline: calls that still run are answered with an error. */
  readonly ending: AbortController;
}

export interface DrainTimes {
  /** New calls are served for so long, because a balancer takes a moment to notice. */
  readonly graceMs: number;
  /** Everything is over by then, grace included. Below ECS's stop timeout of 30 s. */
  readonly timeoutMs: number;
}

/**
 * Stops a server without losing a call: serves on for the grace, takes no more connections, lets
 * running calls finish, and ends what would outlast the deadline. Resolves when all is closed.
 */
export async function drain(server: Server, stop: Stop, times: DrainTimes): Promise<void> {
  const deadline = Date.now() + times.timeoutMs;
  stop.draining.abort();
  await sleep(Math.min(times.graceMs, times.timeoutMs - GOODBYE_MS));

  const closed = once(server, 'close');
  server.close();
  // A connection whose answer began before the drain is kept alive by its client: close it once idle.
  const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_INTERVAL_MS);
  try {
    if (await within(closed, deadline - GOODBYE_MS - Date.now())) return;
    stop.ending.abort();
    if (await within(closed, deadline - Date.now())) return;
    server.closeAllConnections();
  } finally {
    clearInterval(sweep);
  }
}

async function within(event: Promise<unknown>, milliseconds: number): Promise<boolean> {
  const timer = new AbortController();
  const timeout = sleep(Math.max(0, milliseconds), false, { signal: timer.signal }).catch(
    () => false,
  );
  const isFirst = await Promise.race([event.then(() => true), timeout]);
  timer.abort();
  return isFirst;
}
