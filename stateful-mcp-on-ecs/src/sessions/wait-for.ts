import type { EventEmitter } from 'node:events';

/** Resolves after a time, or before it with the next event, or when the signal aborts. */
export function waitFor(
  ms: number,
  signal: AbortSignal | undefined,
  emitter?: EventEmitter,
  event = 'change',
): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    function done(): void {
      clearTimeout(timer);
      emitter?.off(event, done);
      signal?.removeEventListener('abort', done);
      resolve();
    }
    emitter?.on(event, done);
    signal?.addEventListener('abort', done);
    if (signal?.aborted) done();
  });
}
