import { randomUUID } from 'node:crypto';
import type { Response } from 'express';
import { HttpError, INVALID_PARAMS } from '../http-errors.ts';
import { lastEvent } from './call-record.ts';
import type { Caller } from './calls.ts';
import { follow } from './event-stream.ts';
import { listenStreamId, parseEventId } from './ids.ts';
import { announcementSource, callSource, type SourceDependencies } from './sources.ts';
import type { SessionRecord } from './store.ts';

/** Opens the session's GET stream, or resumes it or the stream of a call after an event id. */
export async function openStream(
  res: Response,
  caller: Caller,
  lastEventId: string | undefined,
  deps: SourceDependencies,
): Promise<void> {
  const { session } = caller;
  const listenId = listenStreamId(session.id);
  const last = lastEventId === undefined ? undefined : parseEventId(lastEventId);
  if (lastEventId !== undefined && !last) throw refused('is not one of this server');
  if (!last || last.streamId === listenId) {
    const after = last?.number ?? 0;
    if (after > session.announced) throw refused('was never sent');
    return listen(res, session, after, deps);
  }
  return resumeCall(res, caller, last.streamId, last.number, deps);
}

async function listen(
  res: Response,
  { id, clientId, protocolVersion }: SessionRecord,
  after: number,
  deps: SourceDependencies,
): Promise<void> {
  const { limits, draining, store } = deps;
  // The newest stream has the announcements; one that was open before ends.
  const opened = await store.touchSession(id, { clientId, listener: randomUUID() });
  if (!opened) throw new HttpError(404, 'The session is over. Initialize a new one.');
  deps.calls.announced.emit(id);
  const streamId = listenStreamId(id);
  const source = announcementSource(deps, opened);
  await follow(res, source, { streamId, after, protocolVersion, limits, draining });
}

async function resumeCall(
  res: Response,
  caller: Caller,
  streamId: string,
  after: number,
  deps: SourceDependencies,
): Promise<void> {
  const { limits, draining, store } = deps;
  const { id, protocolVersion } = caller.session;
  const call = await store.readCall(id, streamId);
  if (!call) throw refused('names no stream of this session; streams are kept for some minutes');
  if (after > lastEvent(call)) throw refused('was never sent');
  if (after < call.firstEvent - 1) {
    throw refused(`is too old: the stream keeps its last ${call.events.length} events`);
  }
  if (call.isDone && after === lastEvent(call)) {
    // All of it was delivered. A client that asks nevertheless, as the SDK's v1 client does after a
    // JSON-RPC error, must not start the call again: 204 ends the matter.
    res.status(204).end();
    return;
  }
  const source = callSource(deps, caller, call.request);
  await follow(res, source, { streamId, after, protocolVersion, limits, draining });
}

function refused(reason: string): HttpError {
  return new HttpError(400, `The Last-Event-ID ${reason}. Open the stream without it.`, {
    code: INVALID_PARAMS,
  });
}
