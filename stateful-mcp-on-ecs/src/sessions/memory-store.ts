import type { SessionLimits } from './limits.ts';
import {
  type CallRecord,
  type SessionData,
  type SessionRecord,
  type SessionStore,
  TooManySessions,
} from './store.ts';

interface Entry {
  session: SessionRecord;
  data: SessionData;
  readonly calls: Map<string, { call: CallRecord; expiresAt: number }>;
}

const SWEEP_INTERVAL_MS = 10_000;
const NO_CALLS: Entry['calls'] = new Map();
const NO_DATA: SessionData = { version: 0, values: {} };

/** Keeps sessions in this process: they end with it, and other tasks do not know them. */
export function createMemoryStore(limits: SessionLimits): SessionStore {
  const entries = new Map<string, Entry>();
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
    for (const [id, { session, calls }] of entries) {
      if (isOver(session, limits)) entries.delete(id);
      for (const [streamId, { expiresAt }] of calls) if (expiresAt < now) calls.delete(streamId);
    }
  }

  return {
    kind: 'memory',
    isAvailable: true,

    async createSession(session) {
      sweep();
      if (entries.size >= limits.maxSessions) {
        throw new TooManySessions(`${limits.maxSessions} sessions are open.`);
      }
      entries.set(session.id, { session, data: NO_DATA, calls: NO_CALLS });
    },
    async touchSession(id, { calls = 0, listener } = {}) {
      sweep();
      const entry = find(id);
      if (!entry) return undefined;
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
      if (!entry || entry.data.version !== data.version - 1) return false;
      entry.data = data;
      return true;
    },
    async readCall(sessionId, streamId) {
      const stored = find(sessionId)?.calls.get(streamId);
      return stored && stored.expiresAt > Date.now() ? stored.call : undefined;
    },
    async saveCall(call) {
      const entry = find(call.sessionId);
      const stored = entry?.calls.get(call.streamId)?.call;
      if (!entry || (stored?.version ?? 0) !== call.version - 1) return false;
      const calls = entry.calls === NO_CALLS ? new Map() : entry.calls;
      calls.set(call.streamId, { call, expiresAt: Date.now() + limits.keepCallMs });
      entries.set(call.sessionId, { ...entry, calls });
      return true;
    },
  };
}

/** Whether a session has been idle for too long, or has lived for long enough. */
export function isOver(session: SessionRecord, { idleMs, maxLifeMs }: SessionLimits): boolean {
  const now = Date.now();
  return now - session.lastSeenAt >= idleMs || now - session.createdAt >= maxLifeMs;
}
