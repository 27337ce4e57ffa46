import assert from 'node:assert/strict';
import * as z from 'zod';

export type EraName = 'legacy' | 'modern';

/** One request that the bench sends over and over. */
export interface Call {
  readonly era: EraName;
  readonly title: string;
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body: string;
}

const REQUEST_ID = 7;
const VERSIONS = { legacy: '2025-11-25', modern: '2026-07-28' } as const;
const MODERN_META = {
  'io.modelcontextprotocol/protocolVersion': VERSIONS.modern,
  'io.modelcontextprotocol/clientInfo': { name: 'bench', version: '1.0.0' },
  'io.modelcontextprotocol/clientCapabilities': {},
};

const answer = z.object({
  jsonrpc: z.literal('2.0'),
  id: z.literal(REQUEST_ID),
  result: z.union([
    z.object({ structuredContent: z.object({ message: z.literal('hello') }) }),
    z.object({ tools: z.array(z.object({ name: z.string(), inputSchema: z.object() })).min(1) }),
  ]),
});

export const CALLS: readonly Call[] = (['legacy', 'modern'] as const).flatMap((era) => [
  callOf(era, 'ping', 'tools/call', { name: 'ping', arguments: { message: 'hello' } }),
  callOf(era, 'tools/list', 'tools/list', {}),
]);

/** What the floor finds an answer by. */
export function floorKey({ era, method }: Call): string {
  return `${VERSIONS[era]} ${method}`;
}

/**
 * Sends a call once and returns the bytes of its answer.
 * @throws {Error} unless it is 200 and a good JSON-RPC result, as JSON or as an SSE event
 */
export async function checkedAnswer(url: string, { headers, body }: Call): Promise<string> {
  const response = await fetch(url, { method: 'POST', headers, body });
  const text = await response.text();
  assert.equal(response.status, 200, text);
  const isStream = response.headers.get('content-type')?.startsWith('text/event-stream');
  answer.parse(JSON.parse((isStream ? /^data: (.+)$/m.exec(text)?.[1] : text) ?? ''));
  return text;
}

function callOf(
  era: EraName,
  title: string,
  method: string,
  params: Record<string, unknown>,
): Call {
  const isModern = era === 'modern';
  const name = typeof params.name === 'string' ? params.name : undefined;
  return {
    era,
    title,
    method,
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'mcp-protocol-version': VERSIONS[era],
      ...(isModern && { 'mcp-method': method, ...(name && { 'mcp-name': name }) }),
    },
    body: JSON.stringify({
      jsonrpc: '2.0',
      id: REQUEST_ID,
      method,
      params: isModern ? { ...params, _meta: MODERN_META } : params,
    }),
  };
}
