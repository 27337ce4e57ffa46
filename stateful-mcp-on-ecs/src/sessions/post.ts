import { setImmediate } from 'node:timers/promises';
import type { Response } from 'express';
import { HttpError, INVALID_REQUEST } from '../http-errors.ts';
import type { JsonRpcRequest } from '../mcp/message.ts';
import type { Caller } from './calls.ts';
import { follow } from './event-stream.ts';
import { callStreamId } from './ids.ts';
import { checkRequestSize } from './request-size.ts';
import type { RunningCall } from './running-call.ts';
import { callSource, type SourceDependencies } from './sources.ts';
import { waitFor } from './wait-for.ts';

/**
 * Answers a request of a session: with JSON when its answer comes first and soon, else with the
 * stream of a stored call.
 */
export async function answerRequest(
  res: Response,
  caller: Caller,
  request: JsonRpcRequest,
  deps: SourceDependencies,
): Promise<void> {
  const { calls, limits, draining, store } = deps;
  checkBounds(caller, request, deps);
  const streamId = callStreamId(caller.session.id, request.id);
  const call = calls.find(streamId) ?? calls.start(caller, request);
  refuseOtherRequest(request, call.record.request);

  await untilAnsweredOrStored(res, call, limits.fastAnswerMs);
  if (call.answer) {
    sendJson(res, call.answer);
    return;
  }
  if (call.failure !== undefined) throw call.failure;
  if (!call.isStored) {
    // Somebody has stored this call before: the POST was repeated, by a balancer or by the client.
    const stored = await store.readCall(caller.session.id, streamId);
    if (!stored) return endWithoutAnswer(res);
    refuseOtherRequest(request, stored.request);
  }
  const { protocolVersion } = caller.session;
  const source = callSource(deps, caller, request, call);
  await follow(res, source, { streamId, after: 0, protocolVersion, limits, draining });
}

async function untilAnsweredOrStored(res: Response, call: RunningCall, ms: number): Promise<void> {
  res.once('close', () => {
    // Nobody can come back for a call that has no stream.
    if (!call.isStored && !res.writableFinished) void call.close();
  });
  // Most calls are answered by then, and need no timer.
  if (!call.isOver && !call.isStored) await setImmediate();
  if (!call.isOver && !call.isStored) await waitFor(ms, undefined, call);
  if (!call.isOver && !call.isStored) await call.save().catch(() => {});
}

function checkBounds(
  { session }: Caller,
  request: JsonRpcRequest,
  { calls, limits }: SourceDependencies,
): void {
  const { id } = request;
  checkRequestSize(request, limits.maxRequestBytes);
  if (calls.count(session.id) >= limits.maxCallsPerSession) {
    const text = `${limits.maxCallsPerSession} calls of this session are running: wait for one.`;
    throw new HttpError(429, text, { id });
  }
}

/** JSON-RPC ids are used once in a session; the same id means the same request, sent again. */
function refuseOtherRequest(request: JsonRpcRequest, stored: JsonRpcRequest): void {
  if (request === stored || JSON.stringify(request) === JSON.stringify(stored)) return;
  throw new HttpError(400, 'This request id was used before in the session. Take a new one.', {
    code: INVALID_REQUEST,
    id: request.id,
  });
}

/** A call that was cancelled before it had a stream: an empty one says that there is no answer. */
function endWithoutAnswer(res: Response): void {
  res.status(200).setHeader('Content-Type', 'text/event-stream');
  res.end();
}

/** As `res.json`, which takes a third longer: it looks at query, charset and freshness. */
function sendJson(res: Response, message: object): void {
  res.status(200).setHeader('Content-Type', 'application/json');
  res.end(JSON.stringify(message));
}
