import { once } from 'node:events';
import { expect } from 'chai';
import * as z from 'zod';
import { callStreamId, eventId, listenStreamId } from '../src/sessions/ids.ts';
import { tools } from '../src/tools/index.ts';
import { defineTool } from '../src/tools/tool.ts';
import { openSession, post, readEvents, toolCall } from './raw-client.ts';
import { connectClient } from './sdk-client.ts';
import { KINDS, openStores, type TestStores } from './stores.ts';
import { roundRobin, startTask, TEST_LIMITS, type TestTask } from './tasks.ts';

const annotations = {
  readOnlyHint: true,
  destructiveHint: false,
  idempotentHint: true,
  openWorldHint: false,
};

/** Reports 20 steps, one each time that the test says so. */
const steps = defineTool({
  name: 'steps',
  title: 'Steps',
  description: 'Report steps.',
  inputSchema: z.object({ count: z.number(), milliseconds: z.number().default(20) }),
  outputSchema: z.object({ count: z.number() }),
  annotations,
  async run({ count, milliseconds }, { reportProgress }) {
    for (let step = 1; step <= count; step += 1) {
      await new Promise((resolve) => setTimeout(resolve, milliseconds));
      await reportProgress(step, count);
    }
    return { count };
  },
});

const progressOf = (events: Awaited<ReturnType<typeof readEvents>>) =>
  events.flatMap(({ message }) => message?.params?.progress ?? []);

for (const kind of KINDS) {
  describe(`a stream that was cut, ${kind} store`, () => {
    let stores: TestStores;
    let tasks: TestTask[];
    before(async () => {
      stores = await openStores(kind);
      const shared = kind === 'memory' ? stores.store(TEST_LIMITS) : undefined;
      tasks = await Promise.all(
        ['A', 'B', 'C'].map((name) =>
          startTask(name, shared ?? stores.store(TEST_LIMITS), { tools: [...tools, steps] }),
        ),
      );
    });
    after(async () => {
      for (const task of tasks) await task.close();
      await stores.close();
    });
    const at = (index: number) =>
      tasks[index % tasks.length]?.url ?? new URL('http://none.invalid');

    it('goes on elsewhere while its call runs, in order, without a gap or a duplicate', async () => {
      const headers = await openSession(at(0));
      const first = await post(at(0), toolCall(1, 'steps', { count: 20 }), headers);
      expect(first.headers.get('content-type')).to.equal('text/event-stream');
      const events = await readEvents(first, ({ message }) => message?.params?.progress === 3);
      for (let hop = 1; !events.some(({ message }) => message?.id === 1); hop += 1) {
        const last = events.at(-1)?.id ?? '';
        const resumed = await fetch(at(hop), { headers: { ...headers, 'last-event-id': last } });
        expect(resumed.status).to.equal(200);
        const more = await readEvents(
          resumed,
          ({ message }) => (message?.params?.progress ?? 0) >= progressOf(events).length + 4,
        );
        expect(more[0]).to.deep.include({ id: last, message: undefined });
        events.push(...more.slice(1));
      }
      expect(progressOf(events)).to.deep.equal(Array.from({ length: 20 }, (_, index) => index + 1));
      const ids = events.map(({ id }) => id);
      expect(new Set(ids).size, 'each event once').to.equal(ids.length);
    });

    it("is resumed by the SDK's client on its own", async () => {
      const fetchAnywhere = roundRobin(() => tasks);
      const client = await connectClient(at(0), { fetch: fetchAnywhere });
      const progress: number[] = [];
      const call = client.call(
        'steps',
        { count: 30 },
        {
          onprogress(step) {
            progress.push(step);
            if (step === 5 || step === 17) for (const task of tasks) task.cut();
          },
        },
      );
      expect(await call).to.include({ count: 30 });
      expect(progress).to.deep.equal(Array.from({ length: 30 }, (_, index) => index + 1));
      await client.close();
    });

    it('is over once its answer was delivered, also when that was an error', async () => {
      const headers = await openSession(at(0));
      const answered = await post(at(0), toolCall(1, 'add-note', { text: 'one' }), headers);
      const events = await readEvents(answered);
      const lastEventId = events.at(-1)?.id ?? '';
      const again = await fetch(at(1), { headers: { ...headers, 'last-event-id': lastEventId } });
      expect(again.status).to.equal(204);
      // The SDK's client comes back by itself after an error: the call must not run again.
      const client = await connectClient(at(0), { fetch: roundRobin(() => tasks) });
      const error = await client.call('nope').catch((reason: Error) => reason);
      expect(String(error)).to.contain('Unknown tool');
      await client.close();
    });

    it('shows an answer that was missed', async () => {
      const headers = await openSession(at(0));
      const cut = await post(at(0), toolCall(1, 'add-note', { text: 'one' }), headers);
      const [first] = await readEvents(cut, () => true);
      const resume = { ...headers, 'last-event-id': first?.id ?? '' };
      const events = await readEvents(await fetch(at(1), { headers: resume }));
      expect(events.at(-1)?.message?.id).to.equal(1);
      // And a POST that is sent again meets the call that it repeats.
      const repeated = await post(at(2), toolCall(1, 'add-note', { text: 'one' }), headers);
      expect((await readEvents(repeated)).at(-1)).to.deep.equal(events.at(-1));
      const notes = await post(at(1), toolCall(2, 'list-notes'), headers);
      expect((await notes.text()).match(/"text":"one"|\\"text\\":\\"one\\"/g)).to.have.length(2);
    });

    it('refuses a request id that was used for another request', async () => {
      const headers = await openSession(at(0));
      await (await post(at(0), toolCall(1, 'add-note', { text: 'one' }), headers)).text();
      const other = await post(at(1), toolCall(1, 'add-note', { text: 'two' }), headers);
      expect(other.status).to.equal(400);
      expect(await other.text()).to.contain('used before');
    });

    it('is refused with 400 for an event id that is foreign, made up or too old', async () => {
      const limits = { ...TEST_LIMITS, maxEvents: 5 };
      const small = await startTask('small', stores.store(limits), {
        limits,
        tools: [steps],
      });
      const headers = await openSession(small.url);
      const session = headers['mcp-session-id'] ?? '';
      const other = await openSession(small.url);
      const otherSession = other['mcp-session-id'] ?? '';
      for (const one of [headers, other]) {
        await (await post(small.url, toolCall(1, 'steps', { count: 9 }), one)).text();
      }
      const refusals = {
        'is not one of this server': ['x', 'x_1', '', `${callStreamId(session, 1)}_-1`],
        'names no stream of this session': [
          eventId(callStreamId(otherSession, 1), 9),
          eventId(listenStreamId(otherSession), 0),
          eventId(callStreamId(session, 2), 1),
          eventId(callStreamId(session, '1'), 1),
        ],
        'was never sent': [
          eventId(callStreamId(session, 1), 11),
          eventId(listenStreamId(session), 1),
        ],
        'is too old': [eventId(callStreamId(session, 1), 1)],
      };
      for (const [reason, ids] of Object.entries(refusals)) {
        for (const id of ids) {
          if (id === '') continue;
          const response = await fetch(small.url, { headers: { ...headers, 'last-event-id': id } });
          expect(response.status, id).to.equal(400);
          expect(await response.text(), id).to.contain(reason);
        }
      }
      const recent = eventId(callStreamId(session, 1), 7);
      const resumed = await fetch(small.url, { headers: { ...headers, 'last-event-id': recent } });
      expect((await readEvents(resumed)).map(({ id }) => id.split('_').at(-1))).to.deep.equal([
        '7',
        '8',
        '9',
        '10',
      ]);
      await small.close();
    });

    it('ends with an error where its client reads too slowly for what is kept', async () => {
      const limits = { ...TEST_LIMITS, maxEvents: 2, callPollMs: 1000 };
      const shared = kind === 'memory' ? stores.store(limits) : undefined;
      const [one, two] = await Promise.all(
        ['one', 'two'].map((name) =>
          startTask(name, shared ?? stores.store(limits), { limits, tools: [steps] }),
        ),
      );
      if (!one || !two) throw new Error('no tasks');
      const headers = await openSession(one.url);
      const call = await post(one.url, toolCall(1, 'steps', { count: 30 }), headers);
      const [first] = await readEvents(call, () => true);
      // Followed elsewhere, it is looked at once a second.
      const resume = { ...headers, 'last-event-id': first?.id ?? '' };
      const events = await readEvents(await fetch(two.url, { headers: resume }));
      expect(events.at(-1)?.message?.id).to.equal(1);
      expect(JSON.stringify(events.at(-1))).to.contain('reads too slowly');
      await one.close();
      await two.close();
    });

    it('is forgotten after a while', async () => {
      const limits = { ...TEST_LIMITS, keepCallMs: 0 };
      const forgetful = await startTask('forgetful', stores.store(limits), { limits });
      const headers = await openSession(forgetful.url);
      const events = await readEvents(
        await post(forgetful.url, toolCall(1, 'add-note', { text: 'one' }), headers),
      );
      // DynamoDB's expiry counts in whole seconds.
      await new Promise((resolve) => setTimeout(resolve, 1100));
      const late = { ...headers, 'last-event-id': events[0]?.id ?? '' };
      expect((await fetch(forgetful.url, { headers: late })).status).to.equal(400);
      await forgetful.close();
    });

    it('carries on a GET stream: what was announced meanwhile comes first', async () => {
      const headers = await openSession(at(0));
      const subscribe = { uri: 'notes://session' };
      const request = { jsonrpc: '2.0', id: 5, method: 'resources/subscribe', params: subscribe };
      await (await post(at(0), request, headers)).text();
      const [primed] = await readEvents(await fetch(at(0), { headers }), () => true);
      for (const id of [6, 7]) {
        await (await post(at(1), toolCall(id, 'add-note', { text: `${id}` }), headers)).text();
      }
      const resume = { ...headers, 'last-event-id': primed?.id ?? '' };
      const resumed = await fetch(at(2), { headers: resume });
      const events = await readEvents(resumed, ({ message }) => message !== undefined);
      expect(events.map(({ message }) => message?.method)).to.deep.equal([
        undefined,
        'notifications/resources/updated',
      ]);
    });

    it('lets a newer GET stream of the session take over, on whichever task it is', async () => {
      const headers = await openSession(at(0));
      const older = await fetch(at(0), { headers });
      const newer = await fetch(at(1), { headers });
      await older.text();
      const [event] = await readEvents(newer, () => true);
      expect(event?.id).to.equal(eventId(listenStreamId(headers['mcp-session-id'] ?? ''), 0));
    });

    it('begins with its headers and its first event id together', async () => {
      const { connect } = await import('node:net');
      const headers = await openSession(at(0));
      const socket = connect(Number(at(0).port), '127.0.0.1');
      const lines = Object.entries({ host: at(0).host, ...headers }).map(([k, v]) => `${k}: ${v}`);
      socket.write(`GET /mcp HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
      const [chunk] = await once(socket, 'data');
      expect(String(chunk))
        .to.contain('200 OK')
        .and.match(/id: [\w-]{22}_0/);
      socket.destroy();
    });
  });
}
