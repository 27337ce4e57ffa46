import { Agent, request } from 'node:http';

const INITIALIZE = {
  jsonrpc: '2.0',
  id: 0,
  method: 'initialize',
  params: {
    protocolVersion: '2025-11-25',
    capabilities: {},
    clientInfo: { name: 'bench', version: '1.0.0' },
  },
};
const INITIALIZED = { jsonrpc: '2.0', method: 'notifications/initialized' };

const CONNECTIONS = 16;
const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });

/** Opens sessions, as many at once as there are connections. Resolves to their ids. */
export async function openSessions(url: URL, count: number): Promise<string[]> {
  const ids: string[] = [];
  let begun = 0;
  await inParallel(async () => {
    while (begun < count) {
      begun += 1;
      const { sessionId } = await post(url, INITIALIZE);
      await post(url, INITIALIZED, sessionId);
      ids.push(sessionId);
    }
  });
  return ids;
}

/** Ends sessions, one after the other. */
export async function closeSessions(url: URL, ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    await fetch(url, { method: 'DELETE', headers: { 'mcp-session-id': id } });
  }
}

/** Calls a tool for a time, each connection in a session of its own. Resolves to how often. */
export async function callsIn(milliseconds: number, url: URL, tool: object): Promise<number> {
  const ids = await openSessions(url, CONNECTIONS);
  const end = performance.now() + milliseconds;
  let calls = 0;
  await inParallel(async (index) => {
    for (let id = 1; performance.now() < end; id += 1) {
      const message = { jsonrpc: '2.0', id, method: 'tools/call', params: tool };
      const { body } = await post(url, message, ids[index]);
      if (!body.includes('"result"')) throw new Error(`no result: ${body}`);
      calls += 1;
    }
  });
  await closeSessions(url, ids);
  return calls;
}

async function inParallel(run: (index: number) => Promise<void>): Promise<void> {
  await Promise.all(Array.from({ length: CONNECTIONS }, (_, index) => run(index)));
}

function post(
  url: URL,
  message: object,
  sessionId?: string,
): Promise<{ sessionId: string; body: string }> {
  return new Promise((resolve, reject) => {
    const req = request(url, {
      agent,
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        ...(sessionId !== undefined && { 'mcp-session-id': sessionId }),
      },
    });
    req.on('error', reject).on('response', (res) => {
      let body = '';
      res.setEncoding('utf8').on('data', (chunk) => {
        body += chunk;
      });
      res.on('end', () => resolve({ sessionId: String(res.headers['mcp-session-id']), body }));
    });
    req.end(JSON.stringify(message));
  });
}
