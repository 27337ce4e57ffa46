import { expect } from 'chai';
import * as z from 'zod';
import { tools } from '../src/tools/index.ts';
import { defineTool } from '../src/tools/tool.ts';
import { openSession, post, readEvents, toolCall } from './raw-client.ts';
import { connectClient } from './sdk-client.ts';
import { openStores, type TestStores } from './stores.ts';
import { startTask, TEST_LIMITS, type TestTask } from './tasks.ts';
import { until } from './until.ts';

const hints = { readOnlyHint: false, destructiveHint: false, openWorldHint: false };

describe('a call whose task is gone', () => {
  let stores: TestStores;
  let tasks: TestTask[];
  let runs: string[];
  /** The tasks that the balancer of these tests sends requests to. */
  let alive: TestTask[];
  let next = 0;

  beforeEach(async () => {
    stores = await openStores('dynamodb');
    runs = [];
    const counted = (name: string, idempotentHint: boolean) =>
      defineTool({
        name,
        title: name,
        description: 'Take ten steps.',
        inputSchema: z.object({}),
        outputSchema: z.object({ servedBy: z.string() }),
        annotations: { ...hints, idempotentHint },
        async run(_input, { servedBy, reportProgress, signal }) {
          runs.push(`${name} on ${servedBy}`);
          for (let step = 1; step <= 10; step += 1) {
            await new Promise((resolve) => setTimeout(resolve, 50));
            if (signal.aborted) {
              runs.push(`${name} aborted on ${servedBy}`);
              throw new Error('aborted');
            }
            await reportProgress(step, 10);
          }
          return { servedBy };
        },
      });
    const all = [...tools, counted('repeatable', true), counted('once-only', false)];
    tasks = await Promise.all(
      ['A', 'B', 'C'].map((name) => startTask(name, stores.store(TEST_LIMITS), { tools: all })),
    );
    alive = tasks;
  });
  afterEach(async () => {
    for (const task of tasks) await task.close();
    await stores.close();
  });

  /** Sends to the first task alive, or to one after the other. */
  const first: typeof fetch = (_url, init) => fetch(alive[0]?.url ?? '', init);
  const anyOne: typeof fetch = (_url, init) => fetch(alive[next++ % alive.length]?.url ?? '', init);
  const url = new URL('http://balancer.invalid/mcp');

  function kill(index: number): void {
    alive = tasks.filter((_, each) => each !== index);
    tasks[index]?.kill();
  }

  it('runs again on the next task where its tool is idempotent; progress only grows', async () => {
    const client = await connectClient(url, { fetch: first });
    const progress: number[] = [];
    let killedAt = 0;
    const { servedBy } = await client.call(
      'repeatable',
      {},
      {
        onprogress(step) {
          progress.push(step);
          if (step === 4) {
            killedAt = Date.now();
            kill(0);
          }
        },
      },
    );
    expect(servedBy).to.equal('B');
    expect(Date.now() - killedAt).to.be.below(TEST_LIMITS.leaseMs + 2000 + 10 * 50);
    expect(progress).to.deep.equal([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(runs.filter((run) => run.startsWith('repeatable on'))).to.deep.equal([
      'repeatable on A',
      'repeatable on B',
    ]);
    await client.close();
  });

  it('has an unknown outcome where its tool is not, and does not run again', async () => {
    const client = await connectClient(url, { fetch: first });
    const call = client.call('once-only', {}, { onprogress: (step) => step === 4 && kill(0) });
    const error = await call.then(
      () => 'no error',
      (reason: Error) => reason.message,
    );
    expect(error).to.contain('unknown').and.contain('Look at the present state');
    // The SDK's client comes back after an error. That must change nothing.
    await client.call('ping');
    expect(runs.filter((run) => run.includes(' on B') || run.includes(' on C'))).to.deep.equal([]);
    await client.close();
  });

  it('is taken over by one task only, when two see at once that its lease is over', async () => {
    const headers = await openSession(tasks[0]?.url ?? url);
    const call = await post(tasks[0]?.url ?? url, toolCall(1, 'repeatable'), headers);
    const events = await readEvents(call, ({ message }) => message?.params?.progress === 2);
    kill(0);
    const resume = { ...headers, 'last-event-id': events.at(-1)?.id ?? '' };
    const streams = await Promise.all(
      // Two connections for each task: all four look at the call twenty times a second.
      [1, 2, 1, 2].map(async (index) =>
        readEvents(await fetch(tasks[index]?.url ?? url, { headers: resume })),
      ),
    );
    for (const stream of streams) expect(stream).to.deep.equal(streams[0]);
    expect(streams[0]?.at(-1)?.message?.id).to.equal(1);
    expect(runs.filter((run) => run.startsWith('repeatable on'))).to.have.length(2);
    const takeovers = tasks.flatMap(({ log }) =>
      log.filter(({ message }) => message === 'call taken over'),
    );
    expect(takeovers).to.have.length(1);
    expect(takeovers[0]).to.include({ mcpMethod: 'tools/call', attempt: 2, isRunAgain: true });
  });

  it('is given away by a task that ends, without the wait for its lease', async () => {
    const limits = { ...TEST_LIMITS, leaseMs: 60_000 };
    const [one, two] = await Promise.all(
      ['D', 'E'].map((name) => startTask(name, stores.store(limits), { limits })),
    );
    if (!one || !two) throw new Error('no tasks');
    alive = [one, two];
    const client = await connectClient(url, { fetch: first });
    const progress: number[] = [];
    let endedAt = 0;
    const { servedBy } = await client.call(
      'countdown',
      { seconds: 3 },
      {
        onprogress(step) {
          progress.push(step);
          if (step !== 1 || endedAt) return;
          endedAt = Date.now();
          alive = [two];
          one.draining.abort();
          one.ending.abort();
        },
      },
    );
    expect(servedBy).to.equal('E');
    expect(progress).to.deep.equal([1, 2, 3]);
    expect(Date.now() - endedAt).to.be.below(4500);
    await client.close();
    await one.close();
    await two.close();
  });

  it('finishes where it is while its task drains, and is followed from elsewhere', async () => {
    const client = await connectClient(url, { fetch: first });
    const { servedBy } = await client.call(
      'repeatable',
      {},
      {
        onprogress(step) {
          if (step !== 3) return;
          alive = tasks.slice(1);
          tasks[0]?.draining.abort();
          // As HAProxy does with a server that is marked down.
          tasks[0]?.cut();
        },
      },
    );
    expect(servedBy).to.equal('A');
    expect(runs).to.deep.equal(['repeatable on A']);
    await client.close();
  });

  it('asks its user again, when the task that asked is gone', async () => {
    const questions: string[] = [];
    const client = await connectClient(url, {
      fetch: first,
      ask(question) {
        questions.push(question);
        if (questions.length === 1) {
          kill(0);
          return { action: 'decline' };
        }
        return { action: 'accept', content: { confirm: true } };
      },
    });
    await client.call('add-note', { text: 'one' });
    expect(await client.call('clear-notes')).to.include({ cleared: 1, answer: 'yes' });
    expect(questions).to.have.length(2);
    await client.close();
  });

  it('stops when it is cancelled through another task', async () => {
    const client = await connectClient(url, { fetch: anyOne });
    const abort = new AbortController();
    const call = client.call(
      'repeatable',
      {},
      { signal: abort.signal, onprogress: (step) => step === 2 && abort.abort('enough') },
    );
    expect(String(await call.catch((reason: unknown) => reason))).to.contain('enough');
    await until('the tool has stopped', () => runs.some((run) => run.includes('aborted')));
    expect(runs).to.have.length(2);
    await client.close();
  });

  it('ends with an error when its session is deleted through another task', async () => {
    const client = await connectClient(url, { fetch: anyOne });
    const call = client.call(
      'repeatable',
      {},
      {
        onprogress(step) {
          const headers = { 'mcp-session-id': client.sessionId };
          if (step === 2) void fetch(tasks[2]?.url ?? '', { method: 'DELETE', headers });
        },
      },
    );
    expect(String(await call.catch((reason: unknown) => reason))).to.contain('session is over');
    await until('the tool has stopped', () => runs.some((run) => run.includes('aborted')));
    await client.close();
  });

  it('is let go by a paused task that comes back: one answer, and no note lost', async () => {
    const client = await connectClient(url, {
      fetch: first,
      ask: () => ({ action: 'accept', content: { confirm: true } }),
    });
    const progress: number[] = [];
    const { servedBy } = await client.call(
      'repeatable',
      {},
      {
        onprogress(step) {
          progress.push(step);
          if (step !== 3) return;
          alive = tasks.slice(1);
          tasks[0]?.pause();
          tasks[0]?.cut();
          setTimeout(() => tasks[0]?.resume(), TEST_LIMITS.leaseMs + 300);
        },
      },
    );
    expect(servedBy).to.equal('B');
    expect(progress).to.deep.equal([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    await until('A lets go', () => runs.includes('repeatable aborted on A'));
    await client.close();
  });

  it('cannot save what it prepared before it was taken over', async () => {
    const client = await connectClient(url, { fetch: first });
    await client.call('add-note', { text: 'first' });
    const slow = client.call('add-note', { text: 'late' }).catch((reason: Error) => reason.message);
    tasks[0]?.pause();
    alive = tasks.slice(1);
    await new Promise((resolve) => setTimeout(resolve, 50));
    tasks[0]?.cut();
    await new Promise((resolve) => setTimeout(resolve, TEST_LIMITS.leaseMs + 500));
    tasks[0]?.resume();
    const outcome = await slow;
    const { notes } = await client.call('list-notes');
    const isThere = notes.some(({ text }) => text === 'late');
    // Whatever the client was told fits what is there, and the first note is.
    if (typeof outcome !== 'string') expect(isThere).to.equal(true);
    expect(notes[0]?.text).to.equal('first');
    await client.close();
  });

  it('is given up after a few tasks, so that a deadly call does not kill them all', async () => {
    const limits = { ...TEST_LIMITS, maxAttempts: 1 };
    const [one, two] = await Promise.all(
      ['D', 'E'].map((name) => startTask(name, stores.store(limits), { limits })),
    );
    if (!one || !two) throw new Error('no tasks');
    alive = [one, two];
    const client = await connectClient(url, { fetch: first });
    const call = client.call(
      'countdown',
      { seconds: 5 },
      {
        onprogress() {
          alive = [two];
          one.kill();
        },
      },
    );
    expect(String(await call.catch((reason: unknown) => reason))).to.contain('unknown');
    await client.close();
    await one.close();
    await two.close();
  });
});
