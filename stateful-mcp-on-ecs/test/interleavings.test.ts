import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import * as z from 'zod';
import { tools } from '../src/tools/index.ts';
import { defineTool } from '../src/tools/tool.ts';
import { openSession, post, readEvents, type StreamEvent, toolCall } from './raw-client.ts';
import { openStores, type TestStores } from './stores.ts';
import { startTask, TEST_LIMITS, type TestTask } from './tasks.ts';

const ROUNDS = 6;
const CALLS_A_ROUND = 14;

const steps = defineTool({
  name: 'steps',
  title: 'Steps',
  description: 'Report steps.',
  inputSchema: z.object({ count: z.number() }),
  outputSchema: z.object({ count: z.number() }),
  annotations: {
    readOnlyHint: true,
    destructiveHint: false,
    idempotentHint: true,
    openWorldHint: false,
  },
  async run({ count }, { reportProgress }) {
    for (let step = 1; step <= count; step += 1) {
      await sleep(Math.random() * 15);
      await reportProgress(step, count);
    }
    return { count };
  },
});

/** A small generator with a seed (mulberry32), so that a failure can be seen again. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

describe('random interleavings of calls, notes, disconnects and resumes over three tasks', () => {
  const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);
  const random = randomFrom(seed);
  let stores: TestStores;
  let tasks: TestTask[];
  before(async () => {
    stores = await openStores('dynamodb');
    tasks = await Promise.all(
      ['A', 'B', 'C'].map((name) =>
        startTask(name, stores.store(TEST_LIMITS), { tools: [...tools, steps] }),
      ),
    );
  });
  after(async () => {
    for (const task of tasks) await task.close();
    await stores.close();
  });
  const anyUrl = () => tasks[random(tasks.length)]?.url ?? new URL('http://none.invalid');

  /** Makes a call, hangs up now and then, and resumes elsewhere until it has the answer. */
  async function callThroughCuts(
    headers: Record<string, string>,
    message: ReturnType<typeof toolCall>,
  ): Promise<StreamEvent[]> {
    const events: StreamEvent[] = [];
    let response = await post(anyUrl(), message, headers);
    while (!events.some((event) => event.message?.id === message.id)) {
      if (!response.headers.get('content-type')?.includes('event-stream')) {
        return [...events, { id: 'json', message: JSON.parse(await response.text()) }];
      }
      const stopAfter = random(3) === 0 ? Number.POSITIVE_INFINITY : 1 + random(6);
      let seen = 0;
      const part = await readEvents(response, () => ++seen > stopAfter);
      events.push(...(events.length === 0 ? part : part.slice(1)));
      if (events.some((event) => event.message?.id === message.id)) break;
      const last = { ...headers, 'last-event-id': events.at(-1)?.id ?? '' };
      response = await fetch(anyUrl(), { headers: last });
      expect(response.status).to.equal(200);
    }
    return events;
  }

  for (let round = 1; round <= ROUNDS; round += 1) {
    it(`keep every event of a stream in order, and every note (round ${round}, SEED=${seed})`, async () => {
      const headers = await openSession(anyUrl());
      const added: string[] = [];
      const calls = Array.from({ length: CALLS_A_ROUND }, async (_, index) => {
        await sleep(random(150));
        const id = index + 1;
        if (random(2) === 0) {
          const text = `note ${id}`;
          added.push(text);
          const events = await callThroughCuts(headers, toolCall(id, 'add-note', { text }));
          expect(JSON.stringify(events.at(-1))).to.contain('structuredContent');
          return;
        }
        const count = 1 + random(12);
        const events = await callThroughCuts(headers, toolCall(id, 'steps', { count }));
        const progress = events.flatMap(({ message }) => message?.params?.progress ?? []);
        expect(progress).to.deep.equal(Array.from({ length: count }, (_, step) => step + 1));
        const numbers = events.map((event) => Number(event.id.split('_').at(-1)));
        expect(numbers).to.deep.equal(Array.from({ length: count + 2 }, (_, number) => number));
      });
      await Promise.all(calls);
      const list = await post(anyUrl(), toolCall('list', 'list-notes'), headers);
      const { notes } = JSON.parse(await list.text()).result.structuredContent;
      expect(notes.map(({ text }: { text: string }) => text)).to.have.members(added);
    });
  }
});
