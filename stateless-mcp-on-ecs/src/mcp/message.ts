import type { RequestId } from '../http-errors.ts';

type Params = Record<string, unknown> | undefined;

export interface JsonRpcRequest {
  jsonrpc: '2.0';
  id: string | number;
  method: string;
  params?: Params;
}
export interface JsonRpcNotification {
  jsonrpc: '2.0';
  method: string;
  params?: Params;
}
export type JsonRpcResponse = { jsonrpc: '2.0'; id: string | number } & (
  | { result: Record<string, unknown> }
  | { error: { code: number; message: string; data?: unknown } }
);
export type JsonRpcMessage = JsonRpcRequest | JsonRpcNotification | JsonRpcResponse;

/** The methods that the log may name; anything else there is a client's free text. */
const KNOWN_METHODS = new Set([
  'initialize',
  'ping',
  'server/discover',
  'tools/list',
  'tools/call',
  'resources/list',
  'resources/templates/list',
  'resources/read',
  'resources/subscribe',
  'resources/unsubscribe',
  'prompts/list',
  'prompts/get',
  'completion/complete',
  'logging/setLevel',
  'subscriptions/listen',
  'notifications/initialized',
  'notifications/cancelled',
  'notifications/progress',
  'notifications/roots/list_changed',
]);

const MEMBERS = new Set(['jsonrpc', 'id', 'method', 'params', 'result', 'error']);

/**
 * Whether a parsed body is one JSON-RPC 2.0 message as MCP allows it: ids are never null, and there
 * are no members beside JSON-RPC's own. The SDKs drop anything else without an answer.
 */
export function isJsonRpcMessage(value: unknown): value is JsonRpcMessage {
  if (!isRecord(value) || value.jsonrpc !== '2.0') return false;
  if (!Object.keys(value).every((member) => MEMBERS.has(member))) return false;
  const { id, method, params } = value;
  const isIdGood = typeof id === 'string' || Number.isInteger(id);
  if (method === undefined) return isIdGood && (isRecord(value.result) || isError(value.error));
  return typeof method === 'string' && isParams(params) && (isIdGood || !('id' in value));
}

/** Whether a message waits for an answer. */
export function isRequest(message: JsonRpcMessage): message is JsonRpcRequest {
  return 'method' in message && 'id' in message;
}

/** The id to answer with: null unless the body is a single request. */
export function requestIdOf(body: unknown): RequestId {
  return isJsonRpcMessage(body) && isRequest(body) ? body.id : null;
}

/** The method as the log may name it: `unknown` where it is the client's own text. */
export function methodForLog(message: JsonRpcMessage): string {
  if (!('method' in message)) return 'response';
  return KNOWN_METHODS.has(message.method) ? message.method : 'unknown';
}

/** Whether a value is an object with members, and no array. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isParams(params: unknown): boolean {
  if (params === undefined) return true;
  if (!isRecord(params)) return false;
  const { _meta: meta } = params;
  if (meta === undefined) return true;
  return (
    isRecord(meta) && (meta.progressToken === undefined || isProgressToken(meta.progressToken))
  );
}

function isProgressToken(token: unknown): boolean {
  return typeof token === 'string' || Number.isInteger(token);
}

function isError(value: unknown): boolean {
  return isRecord(value) && Number.isInteger(value.code) && typeof value.message === 'string';
}
