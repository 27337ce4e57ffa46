import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';
import { INTERNAL_ERROR } from '../http-errors.ts';
import { isJsonRpcMessage, isRequest } from '../mcp/message.ts';
import { withMessages } from './call-record.ts';
import type { SessionLimits } from './limits.ts';
import type { CallRecord, SessionRecord, SessionStore } from './store.ts';

interface Taker {
  readonly store: SessionStore;
  readonly limits: SessionLimits;
  readonly owner: string;
}

/**
 * Claims a call whose task is gone. The claim is one conditional write: of two tasks that try, one
 * gets undefined. What comes back is this task's to run, or done already: with an error, where
 * running it again could do twice what may be done once.
 */
export async function claim(
  call: CallRecord,
  session: SessionRecord,
  isRepeatable: boolean,
  { store, limits, owner }: Taker,
): Promise<CallRecord | undefined> {
  const isHopeless = call.attempt >= limits.maxAttempts;
  const claimed = withMessages(
    {
      ...call,
      owner,
      attempt: call.attempt + 1,
      // A question of the task that is gone: nobody would hear the answer.
      events: call.events.map((text) => (isQuestion(text) ? '' : text)),
    },
    isRepeatable && !isHopeless ? [] : [unknownOutcome(call)],
    limits,
  );
  if (!(await store.saveCall(claimed))) return undefined;
  await fence(session, store);
  return claimed;
}

/**
 * Makes every change that the former task has prepared, and not yet saved, fail: a paused process
 * may come back. And whatever it did save, it may not have announced.
 */
async function fence(session: SessionRecord, store: SessionStore): Promise<void> {
  let isSaved = false;
  while (!isSaved) {
    const { version, values } = await store.readData(session.id);
    isSaved = version === 0 || (await store.saveData(session, { version: version + 1, values }));
  }
  for (const uri of Object.keys(session.subscriptions)) {
    await store.announce(session.id, resourceUpdated(uri));
  }
}

/** `notifications/resources/updated` as it is announced. */
export function resourceUpdated(uri: string): string {
  const method = 'notifications/resources/updated';
  return JSON.stringify({ jsonrpc: '2.0', method, params: { uri } });
}

function unknownOutcome({ request, attempt }: CallRecord): JSONRPCMessage {
  const message =
    `The outcome is unknown: the task that ran this call is gone, and the call may have taken ` +
    `effect or not. Look at the present state, and call again only where it shows no effect.`;
  const data = { reason: 'task lost', attempts: attempt };
  return { jsonrpc: '2.0', id: request.id, error: { code: INTERNAL_ERROR, message, data } };
}

function isQuestion(text: string): boolean {
  const message: unknown = text === '' ? undefined : JSON.parse(text);
  return isJsonRpcMessage(message) && isRequest(message);
}
