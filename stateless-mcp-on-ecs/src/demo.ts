import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import * as z from 'zod';
import { createBalancer } from './demo-balancer.ts';
import { createReport } from './demo-report.ts';
import { startTask, type Task } from './demo-task.ts';

const LOAD_SECONDS = 4;
const CALLERS = 8;
const pong = z.object({ servedBy: z.string() });
const { row, fail, end } = createReport();

/** Three tasks behind a round-robin balancer: every task answers, and one stops under load. */
const tasks = await Promise.all([1, 2, 3].map(() => startTask({ DRAIN_GRACE_SECONDS: '1' })));
const balancer = createBalancer(tasks.map(({ url }) => url)).listen(0, '127.0.0.1');
await once(balancer, 'listening');
try {
  // `as`: a server that listens on TCP has an address of this kind.
  const { port } = balancer.address() as AddressInfo;
  const url = new URL(`http://127.0.0.1:${port}/mcp`);
  console.log(`Three tasks (${tasks.map(({ name }) => name).join(', ')})`);
  console.log(`and a load balancer without affinity: ${url.href}\n`);
  for (const mode of ['legacy', { pin: '2026-07-28' }] as const) await showEra(url, mode);
  await showStop(url, tasks);
} catch (error) {
  fail(error);
} finally {
  balancer.closeAllConnections();
  balancer.close();
  await Promise.all(tasks.map((task) => task.stop('SIGKILL')));
}
process.exitCode = end();

async function connect(url: URL, mode: 'legacy' | { pin: string }): Promise<Client> {
  const client = new Client({ name: 'demo', version: '1.0.0' }, { versionNegotiation: { mode } });
  await client.connect(new StreamableHTTPClientTransport(url));
  return client;
}

async function ping(client: Client): Promise<string> {
  const { structuredContent } = await client.callTool({ name: 'ping' });
  return pong.parse(structuredContent).servedBy;
}

async function showEra(url: URL, mode: 'legacy' | { pin: string }): Promise<void> {
  const client = await connect(url, mode);
  console.log(`A client of ${client.getNegotiatedProtocolVersion()}`);
  const answers = new Map<string, number>();
  for (let call = 0; call < 9; call += 1) {
    const servedBy = await ping(client);
    answers.set(servedBy, (answers.get(servedBy) ?? 0) + 1);
  }
  const shares = [...answers].map(([name, count]) => `${name} ${count}`).join(', ');
  row('any task serves it', answers.size === tasks.length, `9 pings: ${shares}`);

  const progress: number[] = [];
  const params = { name: 'countdown', arguments: { seconds: 2 } };
  await client.callTool(params, { onprogress: (update) => progress.push(update.progress) });
  const seen = `countdown 2: progress ${progress.join(', ')}, then the answer`;
  row('it streams', progress.join() === '1,2', seen);
  console.log('');
  await client.close();
}

async function showStop(url: URL, [first]: readonly Task[]): Promise<void> {
  if (first === undefined) return;
  console.log('A stop under load');
  const client = await connect(url, { pin: '2026-07-28' });
  const counts = { answered: 0, failed: 0 };
  const until = Date.now() + LOAD_SECONDS * 1000;
  const load = Array.from({ length: CALLERS }, async () => {
    while (Date.now() < until) {
      await ping(client).then(
        () => (counts.answered += 1),
        () => (counts.failed += 1),
      );
    }
  });
  await sleep(1000);
  const code = await first.stop('SIGTERM');
  await Promise.all(load);
  await client.close();
  row('it drains on SIGTERM', code === 0, `${first.name} ended with exit code ${code}`);
  const { answered, failed } = counts;
  row('no call is lost', failed === 0, `${answered} calls answered, ${failed} failed`);
}
