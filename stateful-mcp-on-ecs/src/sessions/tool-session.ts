import type { EventEmitter } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ClientCapabilities } from '@modelcontextprotocol/sdk/types.js';
import type { CallDependencies, RunningCall } from './running-call.ts';
import { sitOut } from './sit-out.ts';
import type { SessionRecord } from './store.ts';

type Values = Readonly<Record<string, unknown>>;

const MAX_TRIES = 50;
const LONGEST_PAUSE_MS = 40;

/** A session as tools and resources see it. */
export interface ToolSession {
  /** Requests of the session so far, this one included. */
  readonly calls: number;
  /** What the client can do, by the `initialize` that opened the session. */
  readonly clientCapabilities: ClientCapabilities;
  /** Names this request within the session, whichever task runs it, however often. */
  readonly callId: string;
  read(): Promise<Values>;
  /**
   * Changes what is kept. `change` may run more than once: it gets the newest values each time, so
   * that parallel changes on two tasks lose nothing.
   */
  update(change: (values: Values) => Values): Promise<Values>;
  /** Sends a notification (as JSON) to the client's GET stream, on whichever task that is. */
  announce(notification: string): Promise<void>;
  setSubscription(uri: string, isSubscribed: boolean): Promise<void>;
}

/** The session for one call: what it does ends with the call, and survives an outage of the store. */
export function createToolSession(
  session: SessionRecord,
  call: RunningCall,
  { store, limits }: CallDependencies,
  announced: EventEmitter,
): ToolSession {
  /** What a tool has half done must not fail for an outage that its call survives. */
  function patiently<T>(action: () => Promise<T>): Promise<T> {
    return sitOut(action, limits, () => call.isOver);
  }

  return {
    calls: session.calls,
    // `as`: the SDK has checked the request before the session began.
    clientCapabilities: session.initialize.params?.capabilities as ClientCapabilities,
    callId: call.record.streamId,
    read: async () => (await patiently(() => store.readData(session.id))).values,

    async update(change) {
      for (let tries = 1; tries <= MAX_TRIES; tries += 1) {
        const { version, values } = await patiently(() => store.readData(session.id));
        if (!(await call.isStillMine())) throw new Error('Another task has taken this call over.');
        const changed = change(values);
        const data = { version: version + 1, values: changed };
        if (await patiently(() => store.saveData(session, data))) return changed;
        await sleep(Math.random() * LONGEST_PAUSE_MS);
      }
      throw new Error(`The session changed ${MAX_TRIES} times meanwhile.`);
    },
    async announce(notification) {
      await patiently(() => store.announce(session.id, notification));
      announced.emit(session.id);
    },
    async setSubscription(uri, isSubscribed) {
      await patiently(() => store.setSubscription(session.id, uri, isSubscribed));
      announced.emit(session.id);
    },
  };
}
