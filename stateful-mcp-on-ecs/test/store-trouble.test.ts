import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { expect } from 'chai';
import * as z from 'zod';
import {
  createLocalClient,
  createSessionsTable,
  type LocalDynamo,
  startLocalDynamo,
} from '../src/local-dynamo.ts';
import { addNote } from '../src/notes.ts';
import { documentClient } from '../src/sessions/dynamo-client.ts';
import { createDynamoStore } from '../src/sessions/dynamo-store.ts';
import { ItemTooLarge } from '../src/sessions/store.ts';
import { tools } from '../src/tools/index.ts';
import { defineTool } from '../src/tools/tool.ts';
import { bodyOf, INITIALIZE, openSession, post, toolCall } from './raw-client.ts';
import { connectClient } from './sdk-client.ts';
import { startTask, TEST_LIMITS, type TestTask } from './tasks.ts';
import { startUnreliableProxy, type UnreliableProxy } from './unreliable-proxy.ts';
import { until } from './until.ts';

const PING = toolCall(1, 'ping');

describe('trouble with DynamoDB', () => {
  let dynamo: LocalDynamo;
  let proxy: UnreliableProxy;
  let client: DynamoDBClient;
  let task: TestTask;
  const askAndAdd = defineTool({
    name: 'ask-and-add',
    title: 'Ask and add',
    description: 'Ask its user, then add a note: each while DynamoDB is in trouble.',
    inputSchema: z.object({}),
    outputSchema: z.object({ answer: z.string(), count: z.number() }),
    annotations: {
      readOnlyHint: false,
      destructiveHint: false,
      idempotentHint: false,
      openWorldHint: false,
    },
    async run(_input, { confirm, reportProgress, session, servedBy }) {
      await reportProgress(1, 2);
      await until('the first trouble', () => proxy.mode === 'lose answers');
      const answer = (await confirm?.('Add it?')) ?? 'no';
      await reportProgress(2, 2);
      await until('the second trouble', () => proxy.mode === 'lose answers');
      const note = { id: session.callId, text: 'one', addedAt: '', servedBy };
      return { answer, count: await addNote(session, note) };
    },
  });
  /** The share of requests that are throttled. */
  let throttled = 0;

  before(async () => {
    dynamo = await startLocalDynamo();
    proxy = await startUnreliableProxy(dynamo.endpoint);
    client = createLocalClient(proxy.endpoint);
    await createSessionsTable(client, 'sessions');
    client.middlewareStack.add(
      (next) => (args) => {
        if (Math.random() >= throttled) return next(args);
        const error = new Error('Slow down.');
        error.name = 'ProvisionedThroughputExceededException';
        throw error;
      },
      { step: 'finalizeRequest' },
    );
    const store = createDynamoStore(documentClient(client), 'sessions', TEST_LIMITS);
    task = await startTask('A', store, { tools: [...tools, askAndAdd] });
  });
  after(async () => {
    await task.close();
    client.destroy();
    proxy.close();
    dynamo.close();
  });
  afterEach(() => {
    proxy.mode = 'pass';
    throttled = 0;
  });

  const trouble = {
    'is away': () => {
      proxy.mode = 'refuse';
    },
    'does not answer': () => {
      proxy.mode = 'hang';
    },
    throttles: () => {
      throttled = 1;
    },
  };
  for (const [name, begin] of Object.entries(trouble)) {
    it(`answers 503 with Retry-After within 5 s while it ${name}, and works again after`, async () => {
      const headers = await openSession(task.url);
      const health = async () => {
        const response = await fetch(new URL('/health', task.url));
        return { status: response.status, store: (await bodyOf(response)).store };
      };
      begin();
      const startedAt = Date.now();
      const responses = await Promise.all([
        post(task.url, PING, headers),
        post(task.url, toolCall(2, 'add-note', { text: 'x' }), headers),
        post(task.url, INITIALIZE),
        fetch(task.url, { headers }),
        fetch(task.url, { method: 'DELETE', headers }),
      ]);
      expect(Date.now() - startedAt).to.be.below(5000);
      for (const response of responses) {
        expect(response.status).to.equal(503);
        expect(Number(response.headers.get('retry-after'))).to.be.above(0);
        expect((await bodyOf(response)).error.message).to.contain('try again');
      }
      expect(await health()).to.deep.equal({ status: 200, store: 'dynamodb unavailable' });
      proxy.mode = 'pass';
      throttled = 0;
      const answer = await bodyOf(await post(task.url, toolCall(3, 'list-notes'), headers));
      expect(answer.result.structuredContent, 'nothing is half-written').to.deep.equal({
        notes: [],
      });
      expect(await health()).to.deep.equal({ status: 200, store: 'dynamodb ok' });
      expect(JSON.stringify(task.log)).to.contain('store unavailable');
    });
  }

  it('is not seen by clients when it lasts less: calls wait, and streams stay', async () => {
    const session = await connectClient(task.url);
    const progress: number[] = [];
    const call = session.call(
      'countdown',
      { seconds: 4 },
      {
        onprogress(step) {
          progress.push(step);
          if (step !== 1) return;
          proxy.mode = 'refuse';
          setTimeout(() => {
            proxy.mode = 'pass';
          }, 2500);
        },
      },
    );
    await new Promise((resolve) => setTimeout(resolve, 1500));
    const [ping, note] = await Promise.all([
      session.call('ping'),
      session.call('add-note', { text: 'during' }),
    ]);
    expect(ping.message).to.equal('pong');
    expect(note.count).to.equal(1);
    expect(await call).to.include({ seconds: 4 });
    expect(progress).to.deep.equal([1, 2, 3, 4]);
    await session.close();
  });

  it('does nothing twice when answers get lost, for longer than a request is repeated', async () => {
    const questions: string[] = [];
    const session = await connectClient(task.url, {
      ask(question) {
        questions.push(question);
        return { action: 'accept', content: { confirm: true } };
      },
    });
    const call = session.call(
      'ask-and-add',
      {},
      {
        onprogress() {
          proxy.mode = 'lose answers';
          setTimeout(() => {
            proxy.mode = 'pass';
          }, 4500);
        },
      },
    );
    expect(await call).to.include({ answer: 'yes', count: 1 });
    expect(questions).to.deep.equal(['Add it?']);
    expect((await session.call('list-notes')).notes).to.have.length(1);
    await session.close();
  }).timeout(30_000);

  it("delivers its user's answer after an outage, because clients do not send it again", async () => {
    const session = await connectClient(task.url, {
      ask() {
        proxy.mode = 'refuse';
        setTimeout(() => {
          proxy.mode = 'pass';
        }, 6000);
        return { action: 'accept', content: { confirm: true } };
      },
    });
    await session.call('add-note', { text: 'one' });
    expect(await session.call('clear-notes')).to.include({ answer: 'yes', cleared: 1 });
    await session.close();
  });

  it('loses and doubles nothing when a fifth of all requests is throttled', async () => {
    const session = await connectClient(task.url);
    throttled = 0.2;
    const texts = Array.from({ length: 15 }, (_, index) => `note ${index}`);
    await Promise.all(texts.map((text) => session.call('add-note', { text })));
    const { notes } = await session.call('list-notes');
    expect(notes.map(({ text }) => text)).to.have.members(texts);
    await session.close();
  });

  it('refuses an item beyond 400 KB before it is sent', async () => {
    const store = createDynamoStore(documentClient(client), 'sessions', TEST_LIMITS);
    const headers = await openSession(task.url);
    const session = await store.readSession(headers['mcp-session-id'] ?? '');
    if (!session) throw new Error('no session');
    proxy.mode = 'refuse';
    const values = { text: 'x'.repeat(400 * 1024) };
    const error = await store.saveData(session, { version: 1, values }).catch((reason) => reason);
    expect(error).to.be.instanceOf(ItemTooLarge);
  });
});
