import { expect } from 'chai';
import * as z from 'zod';
import { defineTool } from '../src/tools/tool.ts';
import { bodyOf, INITIALIZE, openSession, post, readEvents, toolCall } from './raw-client.ts';
import { connectClient } from './sdk-client.ts';
import { KINDS, openStores, type TestStores } from './stores.ts';
import { startTask, TEST_LIMITS, type TestTask } from './tasks.ts';
import { until } from './until.ts';

/** Says as much as it is asked to. */
const talk = defineTool({
  name: 'talk',
  title: 'Talk',
  description: 'Answer with many characters, after some progress.',
  inputSchema: z.object({ characters: z.number(), ignored: z.string().default('') }),
  outputSchema: z.object({ text: z.string() }),
  annotations: {
    readOnlyHint: true,
    destructiveHint: false,
    idempotentHint: true,
    openWorldHint: false,
  },
  async run({ characters }, { reportProgress }) {
    await reportProgress(1, 2);
    return { text: 'x'.repeat(characters) };
  },
});

for (const kind of KINDS) {
  describe(`limits, ${kind} store`, () => {
    const limits = {
      ...TEST_LIMITS,
      maxSessions: 2,
      maxCallsPerSession: 2,
      maxStreams: 2,
      maxStreamsPerSession: 1,
    };
    let stores: TestStores;
    let task: TestTask;
    beforeEach(async () => {
      stores = await openStores(kind);
      task = await startTask('A', stores.store(limits), { limits, tools: [talk] });
    });
    afterEach(async () => {
      await task.close();
      await stores.close();
    });

    if (kind === 'memory') {
      it('refuses sessions beyond the number that memory holds, with 503', async () => {
        const first = await openSession(task.url);
        await openSession(task.url);
        const refused = await post(task.url, INITIALIZE);
        expect(refused.status).to.equal(503);
        expect(refused.headers.get('retry-after')).to.equal('2');
        expect((await bodyOf(refused)).error.message).to.contain('2 sessions are open');
        await fetch(task.url, { method: 'DELETE', headers: first });
        expect((await post(task.url, INITIALIZE)).status).to.equal(200);
      });
    }

    it('refuses GET streams beyond the number of a session with 429, of a task with 503', async () => {
      const [one, two] = [await openSession(task.url), await openSession(task.url)];
      const open = await fetch(task.url, { headers: one });
      const refused = await fetch(task.url, { headers: one });
      expect(refused.status).to.equal(429);
      expect(await refused.text()).to.contain('The session has 1 open streams');
      const other = await fetch(task.url, { headers: two });
      const full = await fetch(task.url, { headers: two });
      expect(full.status).to.equal(503);
      expect(Number(full.headers.get('retry-after'))).to.be.above(0);
      expect(await full.text()).to.contain('2 open streams');
      await open.body?.cancel();
      await until('the stream is closed', async () => {
        const again = await fetch(task.url, { headers: one });
        await again.body?.cancel();
        return again.status === 200;
      });
      await other.body?.cancel();
    });

    if (kind === 'memory') {
      it('forgets finished calls for new ones, and refuses calls that it has no room for', async () => {
        const room = { ...limits, maxCallBytes: 40_000 };
        const small = await startTask('B', stores.store(room), { limits: room, tools: [talk] });
        const headers = await openSession(small.url);
        const finished = await readEvents(
          await post(small.url, toolCall(1, 'talk', { characters: 12_000 }), headers),
        );
        const resume = { ...headers, 'last-event-id': finished[0]?.id ?? '' };
        expect((await fetch(small.url, { headers: resume })).status).to.equal(200);
        const next = await post(small.url, toolCall(2, 'talk', { characters: 12_000 }), headers);
        expect((await readEvents(next)).at(-1)?.message?.id).to.equal(2);
        expect((await fetch(small.url, { headers: resume })).status).to.equal(400);
        const huge = toolCall(3, 'talk', { characters: 1, ignored: 'x'.repeat(45_000) });
        const refused = await post(small.url, huge, headers);
        expect(refused.status).to.equal(503);
        expect((await bodyOf(refused)).error.message).to.contain('40000 bytes');
        await small.close();
      });
    }

    it('refuses calls beyond the number of a session, with 429', async () => {
      const slow = defineTool({
        ...talk,
        name: 'slow',
        async run(_input, { signal }) {
          await new Promise((resolve) => signal.addEventListener('abort', resolve));
          return { text: '' };
        },
      });
      const busy = await startTask('B', stores.store(limits), { limits, tools: [slow] });
      const headers = await openSession(busy.url);
      const calls = [1, 2].map((id) =>
        post(busy.url, toolCall(id, 'slow', { characters: 1 }), headers),
      );
      const streams = await Promise.all(calls);
      const refused = await post(busy.url, toolCall(3, 'slow', { characters: 1 }), headers);
      expect(refused.status).to.equal(429);
      expect(await refused.text()).to.contain('wait for one');
      for (const stream of streams) await stream.body?.cancel();
      await busy.close();
    });

    it('refuses a request that is too large to be kept, with 413', async () => {
      const headers = await openSession(task.url);
      const large = toolCall(1, 'talk', { characters: 1, ignored: 'x'.repeat(101 * 1024) });
      const refused = await post(task.url, large, headers);
      expect(refused.status).to.equal(413);
      expect((await bodyOf(refused)).id).to.equal(1);
    });

    it('answers with an error where the answer is too large to be kept', async () => {
      const headers = await openSession(task.url);
      const call = toolCall(1, 'talk', { characters: 250 * 1024 });
      const events = await readEvents(await post(task.url, call, headers));
      expect(JSON.stringify(events.at(-1)?.message)).to.contain('Ask for less at a time');
    });

    it('tells a tool when what it says is too large, and its call goes on', async () => {
      const verbose = defineTool({
        ...talk,
        name: 'verbose',
        async run({ characters }, { confirm }) {
          const asked = await confirm?.('x'.repeat(characters)).catch((error: Error) => error);
          return { text: String(asked) };
        },
      });
      const one = await startTask('B', stores.store(limits), { limits, tools: [verbose] });
      const client = await connectClient(one.url, { ask: () => ({ action: 'decline' }) });
      const answer = await client.client.callTool({
        name: 'verbose',
        arguments: { characters: 201 * 1024 },
      });
      expect(JSON.stringify(answer)).to.match(/A message of \d+ bytes/);
      await client.close();
      await one.close();
    });

    it('refuses what a tool keeps beyond 390 KiB', async () => {
      const hoarder = defineTool({
        ...talk,
        name: 'hoarder',
        async run({ characters }, { session }) {
          const kept = await session
            .update(() => ({ text: 'x'.repeat(characters) }))
            .catch((error: Error) => error);
          return { text: kept instanceof Error ? kept.name : 'kept' };
        },
      });
      const one = await startTask('B', stores.store(limits), { limits, tools: [hoarder] });
      const client = await connectClient(one.url);
      for (const [kib, text] of [
        [391, 'ItemTooLarge'],
        [380, 'kept'],
      ] as const) {
        const answer = await client.client.callTool({
          name: 'hoarder',
          arguments: { characters: kib * 1024 },
        });
        expect(answer.structuredContent).to.deep.equal({ text });
      }
      await client.close();
      await one.close();
    });

    it('keeps the newest events of a stream, by number and by size', async () => {
      const headers = await openSession(task.url);
      const call = toolCall(1, 'talk', { characters: 90 * 1024 });
      const events = await readEvents(await post(task.url, call, headers));
      expect(events.map(({ message }) => message?.params?.progress ?? message?.id)).to.deep.equal([
        undefined,
        1,
        1,
      ]);
    });
  });
}
