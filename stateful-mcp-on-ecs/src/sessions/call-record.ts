import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';
import { INTERNAL_ERROR } from '../http-errors.ts';
import type { JsonRpcRequest } from '../mcp/message.ts';
import { callStreamId } from './ids.ts';
import type { SessionLimits } from './limits.ts';
import type { CallRecord } from './store.ts';

/** A call that nobody has stored yet, owned by this task. */
export function newCall(sessionId: string, request: JsonRpcRequest, owner: string): CallRecord {
  return {
    sessionId,
    streamId: callStreamId(sessionId, request.id),
    version: 0,
    request,
    owner,
    leaseUntil: 0,
    attempt: 1,
    events: [],
    firstEvent: 1,
    // Below any that a call reports.
    progress: -1,
    answers: [],
    isCancelled: false,
    isDone: false,
  };
}

/** The number of the newest event; 0 while there is none. */
export function lastEvent({ firstEvent, events }: CallRecord): number {
  return firstEvent + events.length - 1;
}

/** The events after one, with their numbers. */
export function eventsAfter(call: CallRecord, number: number): [number, string][] {
  const { firstEvent, events } = call;
  return events
    .map((text, index): [number, string] => [firstEvent + index, text])
    .filter(([each]) => each > number);
}

/** Whether the task that runs the call has not been heard of for too long. */
export function mayBeTakenOver({ isDone, leaseUntil }: CallRecord): boolean {
  return !isDone && Date.now() > leaseUntil;
}

/** The next version of a call, with its owner's lease renewed and what it has to say added. */
export function withMessages(
  call: CallRecord,
  messages: readonly JSONRPCMessage[],
  limits: SessionLimits,
): CallRecord {
  let { progress, isDone } = call;
  const events = [...call.events];
  for (const message of messages) {
    // Progress of an attempt that begins again would go back (basic/utilities/progress: it MUST grow).
    const reported = progressOf(message);
    if (isDone || (reported !== undefined && reported <= progress)) continue;
    progress = reported ?? progress;
    events.push(fitting(message, limits.maxEventBytes));
    isDone = !('method' in message);
  }
  const evicted = surplus(events, limits);
  return {
    ...call,
    version: call.version + 1,
    leaseUntil: Date.now() + limits.leaseMs,
    events: events.slice(evicted),
    firstEvent: call.firstEvent + evicted,
    progress,
    isDone,
  };
}

function progressOf(message: JSONRPCMessage): number | undefined {
  if (!('method' in message) || message.method !== 'notifications/progress') return undefined;
  const progress = message.params?.progress;
  return typeof progress === 'number' ? progress : undefined;
}

/** The message as JSON; an answer that cannot be stored becomes an error that says so. */
function fitting(message: JSONRPCMessage, maxBytes: number): string {
  const text = JSON.stringify(message);
  const bytes = Buffer.byteLength(text);
  if (bytes <= maxBytes) return text;
  const id = 'id' in message ? message.id : undefined;
  const error = {
    code: INTERNAL_ERROR,
    message: `The answer has ${bytes} bytes and a stream keeps ${maxBytes}. Ask for less at a time.`,
  };
  return JSON.stringify({ jsonrpc: '2.0', id, error });
}

/** How many of the oldest events have to go. */
function surplus(events: readonly string[], { maxEvents, maxEventBytes }: SessionLimits): number {
  let bytes = 0;
  for (let kept = 0; kept < events.length; kept += 1) {
    bytes += Buffer.byteLength(events[events.length - 1 - kept] ?? '');
    if (kept === maxEvents || bytes > maxEventBytes) return events.length - kept;
  }
  return 0;
}
