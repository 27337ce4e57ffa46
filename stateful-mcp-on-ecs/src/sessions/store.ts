import type { JsonRpcRequest, JsonRpcResponse } from '../mcp/message.ts';

/** What is kept of a session. It is small, because every call reads and writes it. */
export interface SessionRecord {
  readonly id: string;
  /** The request that opened it. Each server that answers for the session hears it first. */
  readonly initialize: JsonRpcRequest;
  readonly protocolVersion: string;
  /** Who opened it, where requests are authenticated. No one else may use it. */
  readonly clientId: string;
  readonly createdAt: number;
  readonly lastSeenAt: number;
  /** Requests so far. */
  readonly calls: number;
  /** The GET stream that announcements go to: the one that was opened last. */
  readonly listener: string;
  /** Resources that the client has subscribed to. */
  readonly subscriptions: Readonly<Record<string, true>>;
  /** Each notification ever announced (as JSON), with the number of its last time. */
  readonly announcements: Readonly<Record<string, number>>;
  readonly announced: number;
}

/** A request that outlives its task: the request, who runs it, and what it has said so far. */
export interface CallRecord {
  readonly sessionId: string;
  readonly streamId: string;
  /** Counts the writes, from 1: a write that does not follow the version it has seen fails. */
  readonly version: number;
  readonly request: JsonRpcRequest;
  /** The task that runs it, and until when no other may. */
  readonly owner: string;
  readonly leaseUntil: number;
  /** Counts the tasks that have run it, from 1. */
  readonly attempt: number;
  /** What was said, as JSON, oldest first. */
  readonly events: readonly string[];
  /** The number of `events[0]`; above 1 once the oldest had to go. */
  readonly firstEvent: number;
  /** The highest progress reported, so that it never goes back. */
  readonly progress: number;
  /** The client's answers to what the call asked. */
  readonly answers: readonly JsonRpcResponse[];
  readonly isCancelled: boolean;
  /** Nothing follows: the last event is the answer, or the call was cancelled. */
  readonly isDone: boolean;
}

/** What tools keep in a session. */
export interface SessionData {
  readonly version: number;
  readonly values: Readonly<Record<string, unknown>>;
}

/**
 * Where sessions are kept. A store decides nothing: its writes are atomic, and each says whether it
 * took place. Records that have expired are not there, whether or not they are still stored.
 */
export interface SessionStore {
  readonly kind: 'memory' | 'dynamodb';
  /** False from a failed request until the next one that succeeds. */
  readonly isAvailable: boolean;
  /** @throws {StoreFull | ItemTooLarge | StoreUnavailable} */
  createSession(session: SessionRecord): Promise<void>;
  /** Renews the idle time and counts. Undefined when the client has no such session (any more). */
  touchSession(id: string, touch: Touch): Promise<SessionRecord | undefined>;
  readSession(id: string): Promise<SessionRecord | undefined>;
  /** Removes the session with its data and its calls. */
  deleteSession(id: string): Promise<void>;
  setSubscription(id: string, uri: string, isSubscribed: boolean): Promise<void>;
  /** Numbers the notification anew, in place of the same one announced before. */
  announce(id: string, notification: string): Promise<void>;
  /** Version 0 where nothing was saved yet. */
  readData(sessionId: string): Promise<SessionData>;
  /**
   * Saves where the stored version is the one before; says whether it was.
   * @throws {ItemTooLarge | StoreUnavailable}
   */
  saveData(session: SessionRecord, data: SessionData): Promise<boolean>;
  readCall(sessionId: string, streamId: string): Promise<CallRecord | undefined>;
  /**
   * Saves where the stored version is the one before (none before 1); says whether it was. To try
   * again is to give the same object.
   * @throws {StoreFull | ItemTooLarge | StoreUnavailable}
   */
  saveCall(call: CallRecord): Promise<boolean>;
}

export interface Touch {
  readonly clientId: string;
  readonly calls?: number;
  readonly listener?: string;
}

/** The store did not answer in time, or said that it cannot. Nothing was decided by it. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';
}

/** DynamoDB would refuse it: an item has at most 400 KB. */
export class ItemTooLarge extends Error {
  override readonly name = 'ItemTooLarge';
}

/** The memory store has as many sessions, or bytes of calls, as it may. */
export class StoreFull extends Error {
  override readonly name = 'StoreFull';
}
