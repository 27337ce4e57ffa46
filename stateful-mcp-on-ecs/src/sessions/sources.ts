import { INTERNAL_ERROR } from '../http-errors.ts';
import { isRecord, type JsonRpcRequest } from '../mcp/message.ts';
import { eventsAfter, mayBeTakenOver } from './call-record.ts';
import type { Caller, Calls } from './calls.ts';
import { callStreamId } from './ids.ts';
import type { SessionLimits } from './limits.ts';
import type { RunningCall } from './running-call.ts';
import type { CallRecord, SessionRecord, SessionStore } from './store.ts';
import { waitFor } from './wait-for.ts';

/** Where a stream's events come from. */
export interface Source {
  /** The events after a number, and whether they are the last. */
  read(after: number): Promise<Part>;
  /** Resolves when there may be more to read, or when the signal aborts. */
  wait(signal: AbortSignal): Promise<void>;
  /** Whether this task is the one that makes the events: if it stops, someone has to go on. */
  isLocal(): boolean;
}

export interface Part {
  readonly events: readonly [number, string][];
  readonly isOver: boolean;
  /** Said at the end, without an event id: this stream cannot be resumed. */
  readonly farewell?: string;
}

export interface SourceDependencies {
  readonly store: SessionStore;
  readonly limits: SessionLimits;
  readonly calls: Calls;
  readonly draining: AbortSignal;
}

/**
 * What a stored call says: without delay where it runs on this task, from the store where it runs
 * on another. When that one has not been heard of for too long, the call is taken over.
 */
export function callSource(
  deps: SourceDependencies,
  caller: Caller,
  request: JsonRpcRequest,
  started?: RunningCall,
): Source {
  const { store, limits, calls, draining } = deps;
  const streamId = callStreamId(caller.session.id, request.id);
  let seen: CallRecord | undefined;
  return {
    async read(after) {
      const call = calls.find(streamId);
      // What was done here needs no reading back.
      const done = started?.isStored && started.record.isDone ? started : undefined;
      const here = call?.isStored ? call : done;
      seen = here?.record ?? (await store.readCall(caller.session.id, streamId));
      if (seen && !call && mayBeTakenOver(seen) && !draining.aborted) {
        seen = (await calls.takeOver(caller, seen)) ?? seen;
      }
      if (!seen) return lost(request, 'The session is over, and this call with it.');
      if (after < seen.firstEvent - 1) {
        const reason = `The client reads too slowly: the last ${seen.events.length} events are kept.`;
        return lost(
          request,
          `${reason} The call may have taken effect: look at the present state.`,
        );
      }
      return { events: eventsAfter(seen, after), isOver: seen.isDone };
    },
    async wait(signal) {
      const call = calls.find(streamId);
      if (!call) await waitFor(limits.callPollMs, signal);
      else if (call.record === seen) await waitFor(limits.keepAliveMs, signal, call);
    },
    isLocal: () => calls.find(streamId) !== undefined,
  };
}

/** A request is answered in any case: its client would wait for ever. */
function lost({ id }: JsonRpcRequest, message: string): Part {
  const error = { code: INTERNAL_ERROR, message };
  return { events: [], isOver: true, farewell: JSON.stringify({ jsonrpc: '2.0', id, error }) };
}

/** What was announced to a session: at once when it was on this task, else with the next poll. */
export function announcementSource(deps: SourceDependencies, opened: SessionRecord): Source {
  const { store, limits, calls } = deps;
  // The first read is what opening the stream has returned.
  let session: SessionRecord | undefined = opened;
  return {
    async read(after) {
      const record = session ?? (await store.readSession(opened.id));
      session = undefined;
      // A client has one such stream; a newer one replaces it, on whichever task it is.
      if (!record || record.listener !== opened.listener) return { events: [], isOver: true };
      const events = Object.entries(record.announcements)
        .map(([text, number]): [number, string] => [number, text])
        .filter(([number, text]) => number > after && isWanted(text, record))
        .sort(([one], [other]) => one - other);
      return { events, isOver: false };
    },
    wait: (signal) => waitFor(limits.announcementPollMs, signal, calls.announced, opened.id),
    isLocal: () => false,
  };
}

/** Updates of resources go to those who have subscribed to them. */
function isWanted(text: string, { subscriptions }: SessionRecord): boolean {
  const { method, params } = JSON.parse(text);
  if (method !== 'notifications/resources/updated') return true;
  return isRecord(params) && typeof params.uri === 'string' && params.uri in subscriptions;
}
