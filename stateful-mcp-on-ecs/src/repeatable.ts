import { isRecord, type JsonRpcRequest } from './mcp/message.ts';
import type { Tool } from './tools/tool.ts';

/**
 * Tells which requests may run a second time when the task that ran them is gone: calls of tools that
 * say so by `idempotentHint`, and everything that is not a call.
 */
export function repeatableWith(tools: readonly Tool[]): (request: JsonRpcRequest) => boolean {
  const repeatable = new Set(
    tools.filter(({ annotations }) => annotations.idempotentHint).map(({ name }) => name),
  );
  return ({ method, params }) => {
    if (method !== 'tools/call' || !isRecord(params)) return true;
    return typeof params.name === 'string' && repeatable.has(params.name);
  };
}
