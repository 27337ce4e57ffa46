import { setTimeout as sleep } from 'node:timers/promises';
import type { SessionLimits } from './limits.ts';
import { StoreUnavailable } from './store.ts';

const PAUSE_MS = 250;

/**
 * Repeats what the store could not do, until it does. Whatever is written has to be the same object
 * each time, so that a write whose answer got lost recognises itself.
 * @throws {StoreUnavailable} when the outage lasts longer than `maxOutageMs`, or nobody waits any more
 */
export async function sitOut<T>(
  action: () => Promise<T>,
  { maxOutageMs }: SessionLimits,
  isOver: () => boolean,
): Promise<T> {
  const until = Date.now() + maxOutageMs;
  for (;;) {
    try {
      return await action();
    } catch (error) {
      if (!(error instanceof StoreUnavailable) || isOver() || Date.now() > until) throw error;
      await sleep(PAUSE_MS);
    }
  }
}
