import { randomUUID } from 'node:crypto';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';
import { isRecord, type JsonRpcRequest } from '../mcp/message.ts';
import type { ConnectableServer } from './calls.ts';
import type { SessionLimits } from './limits.ts';
import { checkRequestSize } from './request-size.ts';
import type { SessionRecord } from './store.ts';

/**
 * Has a server answer `initialize`. Where it agrees, there is a session to be stored: the request
 * itself is all that another server needs to go on where this one stopped.
 */
export async function negotiate(
  server: ConnectableServer,
  initialize: JsonRpcRequest,
  clientId: string,
  { maxInitializeBytes }: SessionLimits,
): Promise<{ answer: JSONRPCMessage; session: SessionRecord | undefined }> {
  checkRequestSize(initialize, maxInitializeBytes);
  const answer = await ask(server, initialize);
  const result = 'result' in answer ? answer.result : undefined;
  if (!isRecord(result)) return { answer, session: undefined };
  const now = Date.now();
  const session: SessionRecord = {
    id: randomUUID(),
    initialize,
    protocolVersion: String(result.protocolVersion),
    clientId,
    createdAt: now,
    lastSeenAt: now,
    calls: 0,
    listener: '',
    subscriptions: {},
    announcements: {},
    announced: 0,
  };
  return { answer, session };
}

async function ask(server: ConnectableServer, request: JsonRpcRequest): Promise<JSONRPCMessage> {
  return new Promise((resolve, reject) => {
    const transport: Transport = {
      start: async () => {},
      send: async (message) => resolve(message),
      close: async () => {},
    };
    server.connect(transport).then(() => transport.onmessage?.(request), reject);
  });
}
