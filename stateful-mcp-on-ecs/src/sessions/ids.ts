import { hash } from 'node:crypto';
import type { JsonRpcResponse } from '../mcp/message.ts';

type RequestId = string | number;

/**
 * Names the stream of a request. The name follows from the session and the request id: a POST that a
 * balancer repeats meets the call that it repeats, and no event id fits another session.
 */
export function callStreamId(sessionId: string, requestId: RequestId): string {
  return streamId(sessionId, JSON.stringify(requestId));
}

/** Names the session's GET stream. */
export function listenStreamId(sessionId: string): string {
  // Never the JSON of a request id: those are not null.
  return streamId(sessionId, 'null');
}

function streamId(sessionId: string, name: string): string {
  return hash('sha256', `${sessionId} ${name}`, 'base64url').slice(0, 22);
}

/** What clients send back as `Last-Event-ID`. */
export function eventId(streamId: string, number: number): string {
  return `${streamId}_${number}`;
}

/** Undefined for what `eventId` did not make. */
export function parseEventId(text: string): { streamId: string; number: number } | undefined {
  const [, streamId, number] = /^([\w-]{22})_(\d{1,9})$/.exec(text) ?? [];
  return streamId === undefined ? undefined : { streamId, number: Number(number) };
}

/**
 * The id under which the client sees a question of a call: it says which call, and which attempt at
 * it, so that an answer that reaches any task finds the one that asked.
 */
export function questionId(streamId: string, attempt: number, id: RequestId): string {
  return `${streamId}.${attempt}.${id}`;
}

/** Finds the call that a client's answer is for, and its id for the SDK's server there. */
export function parseAnswer(
  answer: JsonRpcResponse,
): { streamId: string; attempt: number; id: number } | undefined {
  const [, streamId, attempt, id] = /^([\w-]{22})\.(\d+)\.(\d+)$/.exec(String(answer.id)) ?? [];
  if (streamId === undefined) return undefined;
  return { streamId, attempt: Number(attempt), id: Number(id) };
}

/** A session id in a log: enough to find its lines, too little to use it. */
export function shortId(sessionId: string): string {
  return sessionId.slice(0, 8);
}
