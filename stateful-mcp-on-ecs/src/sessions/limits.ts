/** The times and bounds of sessions, calls and streams. Times are in milliseconds. */
export interface SessionLimits {
  /** A session without a request for this long is over. */
  readonly idleMs: number;
  /** A session older than this is over, however busy it is. */
  readonly maxLifeMs: number;
  /** A call whose task has not been heard of for this long may be taken over. */
  readonly leaseMs: number;
  /** How often a task renews the lease of a call: often enough to miss it a few times. */
  readonly beatMs: number;
  /** How often an open GET stream reads its session: one read, whatever there is to see. */
  readonly announcementPollMs: number;
  /** How often a stream reads a call that runs on another task. */
  readonly callPollMs: number;
  /** A repeatable call that has not answered by then is stored, so that it outlives its task. */
  readonly fastAnswerMs: number;
  /** How long a stored call stays readable after its last change. */
  readonly keepCallMs: number;
  /** What a stream tells its client to wait before it reconnects. */
  readonly retryMs: number;
  /** The same while the task drains: another one is ready already. */
  readonly drainRetryMs: number;
  /** Comments this far apart keep an idle stream from being cut: an ALB does so after 60 s. */
  readonly keepAliveMs: number;
  /** A task that cannot write to the store for this long gives its call up. */
  readonly maxOutageMs: number;
  /** How long the person asked by `ask` has to answer. */
  readonly askMs: number;
  /** Sessions that the memory store holds; the DynamoDB store has no such bound. */
  readonly maxSessions: number;
  /** Calls of one session that run on one task at the same time. */
  readonly maxCallsPerSession: number;
  /** Bytes of calls that the memory store keeps; beyond, finished ones go first. */
  readonly maxCallBytes: number;
  /** Streams on one task that were opened or resumed with GET. */
  readonly maxStreams: number;
  /** Those of one session. */
  readonly maxStreamsPerSession: number;
  /** Events that a call keeps to be resumed from; older ones go. */
  readonly maxEvents: number;
  /** Bytes of these events, and of the largest single one. DynamoDB takes 400 KB an item. */
  readonly maxEventBytes: number;
  /** Bytes of a request, because it is stored beside its events. */
  readonly maxRequestBytes: number;
  /** Bytes of `initialize`: every call reads and writes them with the session. */
  readonly maxInitializeBytes: number;
  /** Tasks that may try one call in turn: a call that kills its task must not kill them all. */
  readonly maxAttempts: number;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;

export const DEFAULT_LIMITS: SessionLimits = {
  idleMs: 30 * MINUTE,
  maxLifeMs: 24 * 60 * MINUTE,
  leaseMs: 5 * SECOND,
  beatMs: SECOND,
  announcementPollMs: 2 * SECOND,
  callPollMs: 500,
  fastAnswerMs: 100,
  keepCallMs: 10 * MINUTE,
  retryMs: 500,
  drainRetryMs: 50,
  keepAliveMs: 20 * SECOND,
  maxOutageMs: MINUTE,
  askMs: 5 * MINUTE,
  maxSessions: 10_000,
  maxCallsPerSession: 20,
  maxCallBytes: 256 * 1024 * 1024,
  maxStreams: 5000,
  maxStreamsPerSession: 25,
  maxEvents: 200,
  maxEventBytes: 200 * 1024,
  maxRequestBytes: 100 * 1024,
  maxInitializeBytes: 16 * 1024,
  maxAttempts: 6,
};
