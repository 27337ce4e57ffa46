import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type AppDependencies, createApp } from '../src/app.ts';
import { HTTP_TIMEOUTS } from '../src/http-timeouts.ts';
import { createLogger } from '../src/logger.ts';
import { DEFAULT_LIMITS, type SessionLimits } from '../src/sessions/limits.ts';
import type { SessionStore } from '../src/sessions/store.ts';
import { tools } from '../src/tools/index.ts';
import { gateBefore } from './gate.ts';

/** Short times, so that the tests need not wait long for what they are about. */
export const TEST_LIMITS: SessionLimits = {
  ...DEFAULT_LIMITS,
  leaseMs: 800,
  beatMs: 100,
  announcementPollMs: 100,
  callPollMs: 50,
  retryMs: 50,
};

export interface TestTask {
  readonly url: URL;
  readonly name: string;
  readonly log: Record<string, unknown>[];
  readonly draining: AbortController;
  readonly ending: AbortController;
  /** Cuts all connections; the task lives on. */
  cut(): void;
  /** Ends it as SIGKILL would: nothing more reaches its clients or the store. */
  kill(): void;
  /** Keeps everything from the store, as SIGSTOP would, until `resume`. */
  pause(): void;
  resume(): void;
  close(): Promise<void>;
}

/** Starts a task in this process: the app, on a free port, with this store. */
export async function startTask(
  name: string,
  store: SessionStore,
  changes: Partial<AppDependencies> = {},
): Promise<TestTask> {
  const log: Record<string, unknown>[] = [];
  const draining = new AbortController();
  const ending = new AbortController();
  const gate = gateBefore(store);
  const { app, sessions } = createApp({
    allowedOrigins: [],
    listensOnLoopback: true,
    maxConcurrentCalls: 500,
    store: gate.store,
    limits: TEST_LIMITS,
    owner: randomUUID(),
    draining: draining.signal,
    ending: ending.signal,
    servedBy: name,
    serverInfo: { name: 'stateful-mcp-on-ecs', title: 'Test', version: '1.0.0' },
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
    name,
    log,
    draining,
    ending,
    cut: () => server.closeAllConnections(),
    kill() {
      gate.kill();
      server.closeAllConnections();
      server.close();
    },
    pause: gate.pause,
    resume: gate.resume,
    async close() {
      // Its calls end with it, or their timers would outlive the test.
      gate.resume();
      draining.abort();
      ending.abort();
      await sessions.finish();
      if (!server.listening) return;
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

/** A fetch that goes to one task after the other, as a balancer without cookies does. */
export function roundRobin(targets: () => readonly TestTask[]): typeof fetch {
  let next = 0;
  return (_url, init) => {
    const tasks = targets();
    next += 1;
    const task = tasks[next % tasks.length];
    if (!task) throw new Error('There is no task left.');
    return fetch(task.url, init);
  };
}
