import type { Config } from './config.ts';
import { DEFAULT_LIMITS, type SessionLimits } from './sessions/limits.ts';
import { createMemoryStore } from './sessions/memory-store.ts';
import type { SessionStore } from './sessions/store.ts';

/** A lease is renewed so often that a few renewals may fail before it runs out. */
const BEATS_PER_LEASE = 5;

/** The session layer's limits, with those that the configuration sets. */
export function limitsOf(config: Config): SessionLimits {
  return {
    ...DEFAULT_LIMITS,
    idleMs: config.sessionIdleMs,
    maxLifeMs: config.sessionMaxLifeMs,
    leaseMs: config.heartbeatLimitMs,
    beatMs: config.heartbeatLimitMs / BEATS_PER_LEASE,
    maxSessions: config.maxSessions,
    maxStreams: config.maxStreams,
  };
}

/** The store that the configuration asks for. The AWS SDK is loaded only where it is needed. */
export async function openStore(
  tableName: string | undefined,
  limits: SessionLimits,
): Promise<SessionStore> {
  if (tableName === undefined) return createMemoryStore(limits);
  const { createDynamoClient } = await import('./sessions/dynamo-client.ts');
  const { createDynamoStore } = await import('./sessions/dynamo-store.ts');
  return createDynamoStore(createDynamoClient(), tableName, limits);
}
