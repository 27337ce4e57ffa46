import { createParser } from 'eventsource-parser';

export const INITIALIZE = {
  jsonrpc: '2.0',
  id: 0,
  method: 'initialize',
  params: {
    protocolVersion: '2025-11-25',
    capabilities: {},
    clientInfo: { name: 'raw', version: '0.0.0' },
  },
};

const HEADERS = {
  'content-type': 'application/json',
  accept: 'application/json, text/event-stream',
};

export function post(url: URL, message: unknown, headers: Record<string, string> = {}) {
  return fetch(url, {
    method: 'POST',
    headers: { ...HEADERS, ...headers },
    body: typeof message === 'string' ? message : JSON.stringify(message),
  });
}

/** The body of an answer. JSON.parse gives it no type, so that a test may look at anything in it. */
export async function bodyOf(response: Response) {
  return JSON.parse(await response.text());
}

/** Opens a session by hand; returns its header. */
export async function openSession(url: URL, params = {}): Promise<Record<string, string>> {
  const message = { ...INITIALIZE, params: { ...INITIALIZE.params, ...params } };
  const response = await post(url, message);
  const id = response.headers.get('mcp-session-id');
  if (!response.ok || id === null) throw new Error(`no session: ${await response.text()}`);
  await response.text();
  return { 'mcp-session-id': id };
}

export function toolCall(id: number | string, name: string, args: object = {}, meta: object = {}) {
  const params = { name, arguments: args, _meta: { progressToken: id, ...meta } };
  return { jsonrpc: '2.0', id, method: 'tools/call', params };
}

export interface StreamEvent {
  readonly id: string;
  /** The message, or undefined where the event only had an id. */
  readonly message: { method?: string; id?: unknown; params?: { progress?: number } } | undefined;
}

/** Reads a stream until `until` says so, or its end; hangs up then. */
export async function readEvents(
  response: Response,
  until: (event: StreamEvent) => boolean = () => false,
): Promise<StreamEvent[]> {
  const events: StreamEvent[] = [];
  const parser = createParser({
    onEvent({ id = '', data }) {
      events.push({ id, message: data === '' ? undefined : JSON.parse(data) });
    },
  });
  const decoder = new TextDecoder();
  let seen = 0;
  for await (const chunk of response.body ?? []) {
    parser.feed(decoder.decode(chunk, { stream: true }));
    for (; seen < events.length; seen += 1) {
      const event = events[seen];
      // Leaving the loop cancels the body, which closes the connection.
      if (event && until(event)) return events.slice(0, seen + 1);
    }
  }
  return events;
}
