import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { createApp } from '../src/app.ts';
import { openStore } from '../src/session-store.ts';
import { DEFAULT_LIMITS } from '../src/sessions/limits.ts';
import { tools } from '../src/tools/index.ts';

/** One of the servers that are compared, as a process of its own: `tsx bench/server.ts KIND PORT`. */
const [kind = '', port = ''] = process.argv.slice(2);

// Its parent asks for the processor time so far, or for the heap after a collection.
process.on('message', (what) => {
  if (what === 'heap') globalThis.gc?.();
  const { user, system } = process.cpuUsage();
  process.send?.({ heap: process.memoryUsage().heapUsed, cpuMs: (user + system) / 1000 });
});

if (kind === 'example') {
  // It keeps quiet about every request, as ours does here.
  console.log = () => {};
  process.env.MCP_PORT = port;
  await import('@modelcontextprotocol/sdk/examples/server/simpleStreamableHttp.js');
} else {
  const limits = { ...DEFAULT_LIMITS, maxSessions: 100_000 };
  const never = new AbortController().signal;
  const { app } = createApp({
    allowedOrigins: [],
    listensOnLoopback: true,
    maxConcurrentCalls: 500,
    limits,
    store: await openStore(
      kind === 'dynamodb' ? process.env.SESSIONS_TABLE_NAME : undefined,
      limits,
    ),
    owner: randomUUID(),
    draining: never,
    ending: never,
    servedBy: 'bench',
    serverInfo: { name: 'stateful-mcp-on-ecs', title: 'Bench', version: '1.0.0' },
    instructions: '',
    logger: { info() {}, error() {} },
    tools,
  });
  createServer(app).listen(Number(port), '127.0.0.1');
}
