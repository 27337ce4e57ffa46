import { expect } from 'chai';
import fetchCookie from 'fetch-cookie';
import { startTask, type Task } from '../src/demo-task.ts';
import {
  createLocalClient,
  createSessionsTable,
  type LocalDynamo,
  localDynamoEnv,
  startLocalDynamo,
} from '../src/local-dynamo.ts';
import { connectClient, type TestClient } from '../test/sdk-client.ts';
import { type Balancer, startHaproxy } from './haproxy.ts';

const STICKY = '  cookie task insert indirect nocache\n';
/** Marks a task down that is gone or stands still, and not one that is busy. */
const PATIENT =
  '  timeout check 1s\n  default-server inter 300ms fall 2 on-marked-down shutdown-sessions\n';
const HEARTBEAT_LIMIT_MS = 3000;

describe('three tasks behind HAProxy', function () {
  this.timeout(60_000);
  let dynamo: LocalDynamo | undefined;
  let tasks: Task[] = [];
  let balancer: Balancer;
  let env: Record<string, string> = {};

  async function start(store: 'memory' | 'dynamodb', backend = ''): Promise<void> {
    env = {
      DRAIN_GRACE_SECONDS: '1',
      DRAIN_TIMEOUT_SECONDS: '10',
      HEARTBEAT_LIMIT_SECONDS: String(HEARTBEAT_LIMIT_MS / 1000),
    };
    if (store === 'dynamodb') {
      dynamo = process.env.DYNAMODB_ENDPOINT ? undefined : await startLocalDynamo();
      const endpoint = process.env.DYNAMODB_ENDPOINT ?? dynamo?.endpoint ?? '';
      const table = `e2e-${Date.now()}`;
      await createSessionsTable(createLocalClient(endpoint), table);
      Object.assign(env, localDynamoEnv(endpoint, table));
    }
    tasks = await Promise.all([1, 2, 3].map(() => startTask(env)));
    balancer = await startHaproxy(
      tasks.map(({ url }) => url),
      PATIENT + backend,
    );
  }
  afterEach(async () => {
    await balancer.stop();
    await Promise.all(tasks.map((task) => task.stop('SIGKILL')));
    dynamo?.close();
    dynamo = undefined;
  });

  async function placesOf(client: TestClient, calls: number): Promise<Set<string>> {
    const places = new Set<string>();
    for (let call = 0; call < calls; call += 1) places.add((await client.call('ping')).servedBy);
    return places;
  }
  function taskOf(name: string): Task {
    const task = tasks.find((each) => each.name === name);
    if (!task) throw new Error(`no task ${name}`);
    return task;
  }
  function pidOf({ name }: Task): number {
    return Number(name.replace('local-', ''));
  }

  it('serve a session on one task where the client keeps the cookie (memory store)', async () => {
    await start('memory', STICKY);
    const places = new Set<string>();
    for (let session = 0; session < 4; session += 1) {
      const client = await connectClient(balancer.url, { fetch: fetchCookie(fetch) });
      const own = await placesOf(client, 5);
      expect(own.size).to.equal(1);
      for (const place of own) places.add(place);
      await client.close();
    }
    expect(places.size, 'sessions are spread').to.be.above(1);
  });

  it('lose it where the client does not, with 404 (memory store)', async () => {
    await start('memory', STICKY);
    const error = await connectClient(balancer.url)
      .then((client) => placesOf(client, 3))
      .catch((reason: Error) => reason);
    expect(String(error)).to.contain('unknown or over');
  });

  it('all serve it where the client keeps no cookie (DynamoDB store)', async () => {
    await start('dynamodb', STICKY);
    const client = await connectClient(balancer.url);
    expect((await placesOf(client, 9)).size).to.equal(3);
    await client.close();
  });

  it('finish the call of one that is killed, for a client with a cookie', async () => {
    await start('dynamodb', STICKY);
    const client = await connectClient(balancer.url, { fetch: fetchCookie(fetch) });
    const { servedBy: home } = await client.call('ping');
    const progress: number[] = [];
    let killedAt = 0;
    const { servedBy } = await client.call(
      'countdown',
      { seconds: 3 },
      {
        onprogress(step) {
          progress.push(step);
          if (step !== 2) return;
          killedAt = Date.now();
          void taskOf(home).stop('SIGKILL');
        },
      },
    );
    expect(servedBy).not.to.equal(home);
    expect(progress).to.deep.equal([1, 2, 3]);
    expect(Date.now() - killedAt).to.be.below(HEARTBEAT_LIMIT_MS + 2000 + 3000);
    await client.close();
  });

  it('let one go that was paused and comes back: one answer, and the session goes on', async () => {
    await start('dynamodb', STICKY);
    const client = await connectClient(balancer.url, { fetch: fetchCookie(fetch) });
    const errors: string[] = [];
    client.client.onerror = ({ message }) => errors.push(message);
    await client.call('add-note', { text: 'before' });
    const { servedBy: home } = await client.call('ping');
    const progress: number[] = [];
    const { servedBy } = await client.call(
      'countdown',
      { seconds: 4 },
      {
        onprogress(step) {
          progress.push(step);
          if (step !== 2 || progress.length > 2) return;
          process.kill(pidOf(taskOf(home)), 'SIGSTOP');
          setTimeout(() => process.kill(pidOf(taskOf(home)), 'SIGCONT'), HEARTBEAT_LIMIT_MS + 2500);
        },
      },
    );
    expect(servedBy).not.to.equal(home);
    expect(progress).to.deep.equal([1, 2, 3, 4]);
    expect(errors.filter((message) => message.includes('unknown message'))).to.deep.equal([]);
    await client.call('add-note', { text: 'after' });
    const { notes } = await client.call('list-notes');
    expect(notes.map(({ text }) => text)).to.deep.equal(['before', 'after']);
    await client.close();
  });

  it('are all restarted under load, and no client sees it', async () => {
    await start('dynamodb');
    const clients = await Promise.all(Array.from({ length: 6 }, () => connectClient(balancer.url)));
    let isDone = false;
    let calls = 0;
    const load = clients.map(async (client, index) => {
      for (let turn = 0; !isDone; turn += 1) {
        if ((turn + index) % 3 === 0) await client.call('countdown', { seconds: 1 });
        else if ((turn + index) % 3 === 1) await client.call('add-note', { text: `${turn}` });
        else await client.call('ping');
        calls += 1;
      }
    });
    const codes: (number | null)[] = [];
    for (const task of [...tasks]) {
      codes.push(await task.stop('SIGTERM'));
      tasks[tasks.indexOf(task)] = await startTask({ ...env, PORT: task.url.port });
      // Long enough for HAProxy to see the new one before the next goes.
      await new Promise((resolve) => setTimeout(resolve, 1500));
    }
    isDone = true;
    await Promise.all(load);
    expect(codes).to.deep.equal([0, 0, 0]);
    expect(calls).to.be.above(20);
    for (const client of clients) await client.close();
  });
});
