import { checkSize } from './dynamo-items.ts';
import { KeptCalls } from './kept-calls.ts';
import type { SessionLimits } from './limits.ts';
import { type SessionData, type SessionRecord, type SessionStore, StoreFull } from './store.ts';

interface Entry {
  session: SessionRecord;
  data: SessionData;
}

const SWEEP_INTERVAL_MS = 10_000;
const NO_DATA: SessionData = { version: 0, values: {} };

/** Keeps sessions in this process: they end with it, and other tasks do not know them. */
export function createMemoryStore(limits: SessionLimits): SessionStore {
  const entries = new Map<string, Entry>();
  const calls = new KeptCalls(limits);
  let sweptAt = Date.now();

  function find(id: string): Entry | undefined {
    const entry = entries.get(id);
    return entry && !isOver(entry.session, limits) ? entry : undefined;
  }
  /** Frees what has expired, when somebody comes by: no timer has to be stopped. */
  function sweep(): void {
    const now = Date.now();
    if (now - sweptAt < SWEEP_INTERVAL_MS && entries.size < limits.maxSessions) return;
    sweptAt = now;
    for (const [id, { session }] of entries) if (isOver(session, limits)) entries.delete(id);
    calls.sweep();
  }

  return {
    kind: 'memory',
    isAvailable: true,

    async createSession(session) {
      sweep();
      if (entries.size >= limits.maxSessions) {
        throw new StoreFull(`${limits.maxSessions} sessions are open.`);
      }
      entries.set(session.id, { session, data: NO_DATA });
    },
    async touchSession(id, { clientId, calls = 0, listener }) {
      sweep();
      const entry = find(id);
      if (entry?.session.clientId !== clientId) return undefined;
      const { session } = entry;
      entry.session = {
        ...session,
        lastSeenAt: Date.now(),
        calls: session.calls + calls,
        ...(listener !== undefined && { listener }),
      };
      return entry.session;
    },
    readSession: async (id) => find(id)?.session,
    async deleteSession(id) {
      entries.delete(id);
      calls.deleteAll(id);
    },
    async setSubscription(id, uri, isSubscribed) {
      const entry = find(id);
      if (!entry) return;
      const { [uri]: _, ...others } = entry.session.subscriptions;
      const subscriptions = isSubscribed ? { ...others, [uri]: true as const } : others;
      entry.session = { ...entry.session, subscriptions };
    },
    async announce(id, notification) {
      const entry = find(id);
      if (!entry) return;
      const announced = entry.session.announced + 1;
      const announcements = { ...entry.session.announcements, [notification]: announced };
      entry.session = { ...entry.session, announced, announcements };
    },
    readData: async (sessionId) => find(sessionId)?.data ?? NO_DATA,
    async saveData({ id }, data) {
      const entry = find(id);
      // The bound of DynamoDB, so that a tool that will not fit there fails here already.
      checkSize(data.values);
      if (!entry || entry.data.version !== data.version - 1) return false;
      entry.data = data;
      return true;
    },
    async readCall(sessionId, streamId) {
      return find(sessionId) && calls.get(sessionId, streamId);
    },
    async saveCall(call) {
      return find(call.sessionId) !== undefined && calls.save(call);
    },
  };
}

/** Whether a session has been idle for too long, or has lived for long enough. */
export function isOver(session: SessionRecord, { idleMs, maxLifeMs }: SessionLimits): boolean {
  const now = Date.now();
  return now - session.lastSeenAt >= idleMs || now - session.createdAt >= maxLifeMs;
}
