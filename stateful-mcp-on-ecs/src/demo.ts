import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connectDemoClient, type DemoClient } from './demo-client.ts';
import { createReport } from './demo-report.ts';
import { createStickyBalancer } from './demo-sticky-balancer.ts';
import { startTask } from './demo-task.ts';
import {
  createLocalClient,
  createSessionsTable,
  localDynamoEnv,
  startLocalDynamo,
} from './local-dynamo.ts';

const HEARTBEAT_LIMIT_SECONDS = 2;
const WAIT_MS = 5000;
const TABLE = 'sessions';

const dynamo = await startLocalDynamo();
const env = {
  ...localDynamoEnv(dynamo.endpoint, TABLE),
  HEARTBEAT_LIMIT_SECONDS: String(HEARTBEAT_LIMIT_SECONDS),
};
Object.assign(process.env, env);
await createSessionsTable(createLocalClient(dynamo.endpoint), TABLE);
const tasks = await Promise.all([1, 2, 3].map(() => startTask(env)));
const balancer = createStickyBalancer(tasks.map(({ url }) => url));
balancer.server.listen(0, '127.0.0.1');
await once(balancer.server, 'listening');
// `as`: a server that listens on TCP has an address of this kind.
const { port } = balancer.server.address() as AddressInfo;
const url = new URL(`http://127.0.0.1:${port}/mcp`);

const { row, fail, end } = createReport();
console.log(`Three tasks (${tasks.map(({ name }) => name).join(', ')}), one DynamoDB,`);
console.log(`and a load balancer with a sticky cookie: ${url.href}\n`);
try {
  await show(await connectDemoClient(url));
} catch (error) {
  fail(error);
} finally {
  balancer.server.closeAllConnections();
  balancer.server.close();
  await Promise.all(tasks.map((task) => task.stop('SIGKILL')));
  dynamo.close();
}
process.exitCode = end();

async function show(demo: DemoClient): Promise<void> {
  const { client, transport } = demo;
  const id = transport.sessionId?.slice(0, 8);
  row('a session opens', id !== undefined, `${id}…, protocol ${transport.protocolVersion}`);

  const sticky = [await demo.call('ping'), await demo.call('ping'), await demo.call('ping')];
  const home = sticky[0]?.servedBy ?? '';
  const isHome = sticky.every(({ servedBy }) => servedBy === home);
  row('it works', isHome, `3 pings, all on ${home}, thanks to the cookie`);

  demo.keepsCookie = false;
  const roaming = [await demo.call('ping'), await demo.call('ping'), await demo.call('ping')];
  const places = new Set(roaming.map(({ servedBy }) => servedBy));
  const counts = roaming.map(({ sessionCalls }) => sessionCalls).join(', ');
  row(
    'any task serves it',
    counts === '4, 5, 6' && places.size === 3,
    `without the cookie: calls ${counts} of the session, on ${[...places].join(', ')}`,
  );
  demo.keepsCookie = true;

  const streamed: number[] = [];
  await demo.call('countdown', { seconds: 2 }, (step) => streamed.push(step));
  row(
    'it streams',
    streamed.join() === '1,2',
    `countdown 2: progress ${streamed.join(', ')}, then the answer`,
  );

  await showPush(demo);

  const resumed: number[] = [];
  await demo.call('countdown', { seconds: 3 }, (step) => {
    resumed.push(step);
    if (step === 1) balancer.cut();
  });
  row(
    'it loses its connection',
    resumed.join() === '1,2,3',
    `cut after progress 1, resumed by itself: ${resumed.join(', ')}, then the answer`,
  );

  const { cleared } = await demo.call('clear-notes');
  row('it asks its user', cleared === 1, `“${demo.questions[0]}” Yes: ${cleared} cleared`);

  await showKill(demo);

  await transport.terminateSession();
  const headers = {
    'mcp-session-id': transport.sessionId ?? String(id),
    accept: 'text/event-stream',
  };
  const gone = await Promise.all(
    tasks.map((task) =>
      fetch(task.url, { headers }).then(
        ({ status }) => status,
        () => 'gone',
      ),
    ),
  );
  row(
    'it ends',
    gone.every((status) => status !== 200),
    `DELETE; its tasks now say ${gone.join(', ')}`,
  );
  await client.close();
}

async function showPush({ client, transport, call }: DemoClient): Promise<void> {
  const { servedBy: home } = await call('ping');
  const pushed = new Promise<boolean>((resolve) => {
    client.fallbackNotificationHandler = async ({ method }) =>
      resolve(method === 'notifications/resources/updated');
    setTimeout(resolve, WAIT_MS, false);
  });
  await client.subscribeResource({ uri: 'notes://session' });
  // Another task adds the note, and knows nothing of the open stream.
  const other = tasks.find(({ name }) => name !== home);
  await fetch(other?.url ?? url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'mcp-session-id': transport.sessionId ?? '',
    },
    body: JSON.stringify({
      jsonrpc: '2.0',
      id: 'from elsewhere',
      method: 'tools/call',
      params: { name: 'add-note', arguments: { text: 'Buy milk' } },
    }),
  });
  row(
    'it is pushed to',
    await pushed,
    `${other?.name} added a note, the stream on ${home} told of it`,
  );
}

async function showKill(demo: DemoClient): Promise<void> {
  const { servedBy: victim } = await demo.call('ping');
  const task = tasks.find(({ name }) => name === victim);
  const steps: number[] = [];
  let killedAt = 0;
  const { servedBy } = await demo.call('countdown', { seconds: 3 }, (step) => {
    steps.push(step);
    if (step !== 2 || killedAt > 0) return;
    killedAt = performance.now();
    void task?.stop('SIGKILL');
  });
  const seconds = ((performance.now() - killedAt) / 1000).toFixed(1);
  const isMoved = killedAt > 0 && servedBy !== victim && steps.join() === '1,2,3';
  row(
    'it loses its task',
    isMoved,
    `${victim} killed at progress 2: ${servedBy} finished the call ${seconds} s later`,
  );
  const { sessionCalls, servedBy: now } = await demo.call('ping');
  row(
    'and goes on',
    now !== victim,
    `same session, on ${now}: its call ${sessionCalls}; progress was ${steps.join(', ')}`,
  );
}
