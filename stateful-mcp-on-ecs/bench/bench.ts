import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import {
  createLocalClient,
  createSessionsTable,
  localDynamoEnv,
  startLocalDynamo,
} from '../src/local-dynamo.ts';
import { callsIn, closeSessions, openSessions } from './load.ts';

const ROUNDS = 5;
const ROUND_MS = 1500;
const SESSIONS_A_ROUND = 400;
const HEAP_SESSIONS = [1000, 10_000];

const SERVERS = {
  example: { name: 'greet', arguments: { name: 'bench' } },
  memory: { name: 'ping', arguments: { message: 'bench' } },
  dynamodb: { name: 'ping', arguments: { message: 'bench' } },
};
type Kind = keyof typeof SERVERS;
const kinds: Kind[] = ['example', 'memory', 'dynamodb'];

const dynamo = await startLocalDynamo();
Object.assign(process.env, localDynamoEnv(dynamo.endpoint, 'sessions'));
await createSessionsTable(createLocalClient(dynamo.endpoint), 'sessions');
try {
  console.log(`Node.js ${process.version}; ratios hold on any machine, absolute numbers do not.`);
  console.log(`Medians of ${ROUNDS} rounds in turn, to the SDK's example simpleStreamableHttp.`);
  console.log(
    "DynamoDB is an emulator in the process that makes the load: its speed is not AWS's.\n",
  );
  await printSpeed();
  await printHeap();
} finally {
  dynamo.close();
}

interface Server {
  readonly url: URL;
  heap(): Promise<number>;
  cpuMs(): Promise<number>;
  stop(): Promise<void>;
}

async function printSpeed(): Promise<void> {
  const servers = new Map<Kind, Server>();
  for (const kind of kinds) servers.set(kind, await start(kind));
  const opened = new Map<Kind, number[]>();
  const called = new Map<Kind, number[]>();
  // The first round warms up.
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const [kind, server] of servers) {
      const ids = await measure(opened, kind, server, async () => {
        const ids = await openSessions(server.url, SESSIONS_A_ROUND);
        return { result: ids, count: SESSIONS_A_ROUND };
      });
      await closeSessions(server.url, ids);
      await measure(called, kind, server, async () => {
        const count = await callsIn(ROUND_MS, server.url, SERVERS[kind]);
        return { result: undefined, count };
      });
    }
    if (round > 0) continue;
    opened.clear();
    called.clear();
  }
  for (const { stop } of servers.values()) await stop();
  printTable('sessions opened a second', opened);
  printTable('pings a second inside sessions', called);
}

/**
 * Adds how many a second the server's processor time would make. That is what a server does when
 * nothing holds it up, and holds on a machine that does other things too.
 */
async function measure<T>(
  rates: Map<Kind, number[]>,
  kind: Kind,
  server: Server,
  run: () => Promise<{ result: T; count: number }>,
): Promise<T> {
  const before = await server.cpuMs();
  const { result, count } = await run();
  const rate = (count / ((await server.cpuMs()) - before)) * 1000;
  rates.set(kind, [...(rates.get(kind) ?? []), rate]);
  return result;
}

function printTable(title: string, rates: ReadonlyMap<Kind, number[]>): void {
  console.log(`${title} of processor time`);
  const floor = median(rates.get('example') ?? []);
  for (const [kind, values] of rates) {
    const rate = median(values);
    console.log(
      `  ${kind.padEnd(10)} ${rate.toFixed(0).padStart(7)}   ${(rate / floor).toFixed(2)}`,
    );
  }
  console.log('');
}

/** What a session costs while nothing happens in it. */
async function printHeap(): Promise<void> {
  console.log('heap per idle session');
  for (const kind of kinds) {
    for (const count of HEAP_SESSIONS) {
      // The example keeps 1,000 sessions at most.
      if (kind === 'example' && count > 1000) continue;
      const server = await start(kind);
      await closeSessions(server.url, await openSessions(server.url, 100));
      const before = await server.heap();
      await openSessions(server.url, count);
      const kilobytes = (await server.heap()) / 1024 - before / 1024;
      await server.stop();
      const each = (kilobytes / count).toFixed(1);
      console.log(`  ${kind.padEnd(10)} ${String(count).padStart(6)} sessions: ${each} KB each`);
    }
  }
}

async function start(kind: Kind): Promise<Server> {
  const port = await freePort();
  const child = fork('bench/server.ts', [kind, String(port)], {
    execArgv: ['--expose-gc', '--import', 'tsx'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const url = new URL(`http://127.0.0.1:${port}/mcp`);
  await untilItListens(url, child);
  return {
    url,
    async heap() {
      child.send('heap');
      const [{ heap }] = await once(child, 'message');
      return heap;
    },
    async cpuMs() {
      child.send('cpu');
      const [{ cpuMs }] = await once(child, 'message');
      return cpuMs;
    },
    async stop() {
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

async function untilItListens(url: URL, child: ChildProcess): Promise<void> {
  while (!(await fetch(url).catch(() => undefined))) {
    if (child.exitCode !== null) throw new Error(`A server ended with ${child.exitCode}.`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  // `as`: a server that listens on TCP has an address of this kind.
  const { port } = probe.address() as AddressInfo;
  probe.close();
  return port;
}

function median(values: readonly number[]): number {
  return [...values].sort((one, two) => one - two)[Math.floor(values.length / 2)] ?? 0;
}
