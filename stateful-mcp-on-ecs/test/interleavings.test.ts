import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import * as z from 'zod';
import { tools } from '../src/tools/index.ts';
import { defineTool } from '../src/tools/tool.ts';
import { openSession, post, readEvents, type StreamEvent, toolCall } from './raw-client.ts';
import { openStores, type TestStores } from './stores.ts';
import { startTask, TEST_LIMITS, type TestTask } from './tasks.ts';

const ROUNDS = 6;
const TIMEOUT_MS = 30_000;
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

describe('random interleavings of calls, notes, cuts, resumes and kills over three tasks', () => {
  const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);
  const random = randomFrom(seed);
  let stores: TestStores;
  /** The tasks that live, and all that ever did. */
  let tasks: TestTask[];
  const started: TestTask[] = [];
  async function start(): Promise<TestTask> {
    const store = stores.store(TEST_LIMITS);
    const task = await startTask(`task ${started.length}`, store, { tools: [...tools, steps] });
    started.push(task);
    return task;
  }
  before(async () => {
    stores = await openStores('dynamodb');
    tasks = await Promise.all([start(), start(), start()]);
  });
  after(async () => {
    for (const task of started) await task.close();
    await stores.close();
  });
  const anyUrl = () => tasks[random(tasks.length)]?.url ?? new URL('http://none.invalid');

  /** Kills a task and puts another in its place. */
  async function loseOne(): Promise<void> {
    const replacement = await start();
    const [lost] = tasks.splice(random(tasks.length), 1, replacement);
    lost?.kill();
  }

  /** Makes a call, hangs up now and then, and goes on elsewhere until it has the answer. */
  async function callThroughCuts(
    headers: Record<string, string>,
    message: ReturnType<typeof toolCall>,
  ): Promise<StreamEvent[]> {
    const events: StreamEvent[] = [];
    while (!events.some((event) => event.message?.id === message.id)) {
      const last = events.at(-1)?.id;
      try {
        // Without an event, nothing can be resumed: a balancer sends the same POST again.
        const response =
          last === undefined
            ? await post(anyUrl(), message, headers)
            : await fetch(anyUrl(), { headers: { ...headers, 'last-event-id': last } });
        expect(response.status).to.equal(200);
        if (!response.headers.get('content-type')?.includes('event-stream')) {
          return [...events, { id: 'json', message: JSON.parse(await response.text()) }];
        }
        const stopAfter = random(3) === 0 ? Number.POSITIVE_INFINITY : 1 + random(6);
        let seen = 0;
        await readEvents(response, (event) => {
          seen += 1;
          // A resumed stream begins with the id that it was resumed from.
          if (seen > 1 || last === undefined) events.push(event);
          return seen > stopAfter;
        });
      } catch (error) {
        // The task was killed: fetch fails with a TypeError.
        if (!(error instanceof TypeError)) throw error;
      }
    }
    return events;
  }

  for (let round = 1; round <= ROUNDS; round += 1) {
    it(`keep every event of a stream in order, and every note (round ${round}, SEED=${seed})`, async () => {
      const headers = await openSession(anyUrl());
      const added: string[] = [];
      /** Of these, those whose task died: the client was told that their outcome is unknown. */
      const unknown: string[] = [];
      const calls = Array.from({ length: CALLS_A_ROUND }, async (_, index) => {
        await sleep(random(150));
        const id = index + 1;
        if (random(2) === 0) {
          const text = `note ${id}`;
          const events = await callThroughCuts(headers, toolCall(id, 'add-note', { text }));
          const answer = JSON.stringify(events.at(-1));
          expect(answer).to.match(/structuredContent|outcome is unknown/);
          (answer.includes('outcome is unknown') ? unknown : added).push(text);
          return;
        }
        const count = 1 + random(12);
        const events = await callThroughCuts(headers, toolCall(id, 'steps', { count }));
        const progress = events.flatMap(({ message }) => message?.params?.progress ?? []);
        expect(progress).to.deep.equal(Array.from({ length: count }, (_, step) => step + 1));
        const numbers = events.map((event) => Number(event.id.split('_').at(-1)));
        expect(numbers).to.deep.equal(Array.from({ length: count + 2 }, (_, number) => number));
      });
      const losses = [60, 200].map(async (milliseconds) => {
        await sleep(random(milliseconds));
        await loseOne();
      });
      await Promise.all([...calls, ...losses]);
      const list = await post(anyUrl(), toolCall('list', 'list-notes'), headers);
      const { notes } = JSON.parse(await list.text()).result.structuredContent;
      const texts: string[] = notes.map(({ text }: { text: string }) => text);
      expect(new Set(texts).size, 'no note twice').to.equal(texts.length);
      expect(texts).to.include.members(added);
      expect([...added, ...unknown]).to.include.members(texts);
    }).timeout(TIMEOUT_MS);
  }
});
