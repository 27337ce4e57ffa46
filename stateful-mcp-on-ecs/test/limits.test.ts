import { expect } from 'chai';
import * as z from 'zod';
import { defineTool } from '../src/tools/tool.ts';
import { bodyOf, INITIALIZE, openSession, post, readEvents, toolCall } from './raw-client.ts';
import { KINDS, openStores, type TestStores } from './stores.ts';
import { startTask, TEST_LIMITS, type TestTask } from './tasks.ts';

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
      maxStreams: 1,
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

    it('refuses GET streams beyond the number of a task, with 503', async () => {
      const headers = await openSession(task.url);
      const open = await fetch(task.url, { headers });
      const refused = await fetch(task.url, { headers });
      expect(refused.status).to.equal(503);
      expect(await refused.text()).to.contain('1 open streams');
      await open.body?.cancel();
    });

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
