import type { SessionLimits } from './limits.ts';
import { type CallRecord, StoreFull } from './store.ts';

interface Kept {
  readonly call: CallRecord;
  readonly bytes: number;
  readonly expiresAt: number;
}

/** The calls of the memory store, within a number of bytes. */
export class KeptCalls {
  readonly #limits: SessionLimits;
  /** By stream id, which no other session has; the oldest first. */
  readonly #kept = new Map<string, Kept>();
  #bytes = 0;

  constructor(limits: SessionLimits) {
    this.#limits = limits;
  }

  get(sessionId: string, streamId: string): CallRecord | undefined {
    const kept = this.#kept.get(streamId);
    const isThere = kept?.call.sessionId === sessionId && kept.expiresAt > Date.now();
    return isThere ? kept.call : undefined;
  }

  /**
   * Keeps a call that follows the version that is kept; says whether it does.
   * @throws {StoreFull} when there is no room, with all finished calls forgotten
   */
  save(call: CallRecord): boolean {
    const before = this.#kept.get(call.streamId);
    if ((this.get(call.sessionId, call.streamId)?.version ?? 0) !== call.version - 1) return false;
    const bytes = JSON.stringify(call).length;
    this.#makeRoom(bytes - (before?.bytes ?? 0));
    this.#bytes += bytes - (this.#kept.get(call.streamId)?.bytes ?? 0);
    this.#kept.set(call.streamId, {
      call,
      bytes,
      expiresAt: Date.now() + this.#limits.keepCallMs,
    });
    return true;
  }

  deleteAll(sessionId: string): void {
    for (const [streamId, { call }] of this.#kept) {
      if (call.sessionId === sessionId) this.#delete(streamId);
    }
  }

  /** Forgets what has expired. */
  sweep(): void {
    const now = Date.now();
    for (const [streamId, { expiresAt }] of this.#kept) {
      if (expiresAt < now) this.#delete(streamId);
    }
  }

  #makeRoom(more: number): void {
    const { maxCallBytes } = this.#limits;
    if (this.#bytes + more <= maxCallBytes) return;
    for (const [streamId, { call }] of this.#kept) {
      if (call.isDone) this.#delete(streamId);
      if (this.#bytes + more <= maxCallBytes) return;
    }
    throw new StoreFull(`The calls that run here take ${maxCallBytes} bytes, which is the most.`);
  }

  #delete(streamId: string): void {
    this.#bytes -= this.#kept.get(streamId)?.bytes ?? 0;
    this.#kept.delete(streamId);
  }
}
