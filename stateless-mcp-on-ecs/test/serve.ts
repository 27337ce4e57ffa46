import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { AppDependencies } from '../src/app.ts';
import * as sources from '../src/app.ts';
import { HTTP_TIMEOUTS } from '../src/http-timeouts.ts';
import { createLogger } from '../src/logger.ts';
import { tools } from '../src/tools/index.ts';

export interface Served {
  readonly url: URL;
  close(): Promise<void>;
}

/** Serves the sample as it is deployed. */
export function serveSample(): Promise<Served> {
  return serveApp({});
}

export const SAMPLE_ENTRY = 'src/main.ts';

/** Serves a changed copy of this folder. */
export async function serveCopy(folder: string): Promise<Served> {
  return serveApp({}, await import(pathToFileURL(join(folder, 'src/app.ts')).href));
}

/** Serves an app of the test's own on a free port, and keeps its log lines. */
export async function serveApp(
  changes: Partial<AppDependencies>,
  { createApp } = sources,
): Promise<
  Served & {
    readonly log: Record<string, unknown>[];
    readonly draining: AbortController;
    readonly ending: AbortController;
  }
> {
  const log: Record<string, unknown>[] = [];
  const draining = new AbortController();
  const ending = new AbortController();
  const app = createApp({
    allowedOrigins: [],
    listensOnLoopback: true,
    maxConcurrentCalls: 100,
    maxSubscriptions: 2,
    draining: draining.signal,
    ending: ending.signal,
    servedBy: 'test',
    serverInfo: { name: 'stateless-mcp-on-ecs', title: 'Test', version: '1.0.0' },
    instructions: '',
    logger: createLogger({ write: (line) => log.push(JSON.parse(line)) }),
    tools,
    ...changes,
  });
  const server = createServer(HTTP_TIMEOUTS, app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  // `as`: a server that listens on TCP has an address of this kind.
  const { port } = server.address() as AddressInfo;
  return {
    url: new URL(`http://127.0.0.1:${port}/mcp`),
    log,
    draining,
    ending,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
