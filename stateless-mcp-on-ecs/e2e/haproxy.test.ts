import { expect } from 'chai';
import * as z from 'zod';
import { startTask, type Task } from '../src/demo-task.ts';
import { post } from '../test/requests.ts';
import { type Balancer, startHaproxy } from './haproxy.ts';

const CALLS = 1000;
const CALLERS = 8;
const pong = z.object({
  result: z.object({ structuredContent: z.object({ message: z.string(), servedBy: z.string() }) }),
});

describe('three tasks behind HAProxy, without affinity', function () {
  this.timeout(60_000);
  let tasks: Task[];
  let balancer: Balancer;
  beforeEach(async () => {
    tasks = await Promise.all([1, 2, 3].map(() => startTask({ DRAIN_GRACE_SECONDS: '2' })));
    balancer = await startHaproxy(tasks.map(({ url }) => url));
  });
  afterEach(async () => {
    await balancer.stop();
    await Promise.all(tasks.map((task) => task.stop('SIGKILL')));
  });

  /** Makes calls of both eras in turn, and counts the answers of each task. */
  async function makeCalls(atHalf: () => void = () => {}): Promise<Map<string, number>> {
    const counts = new Map<string, number>();
    let made = 0;
    const callers = Array.from({ length: CALLERS }, async () => {
      while (made < CALLS) {
        made += 1;
        if (made === CALLS / 2) atHalf();
        const message = `call ${made}`;
        const era = made % 2 === 0 ? 'legacy' : 'modern';
        const params = { name: 'ping', arguments: { message } };
        const response = await fetch(balancer.url, post(era, 'tools/call', params));
        expect(response.status, message).to.equal(200);
        const { structuredContent } = pong.parse(await response.json()).result;
        expect(structuredContent.message).to.equal(message);
        const { servedBy } = structuredContent;
        counts.set(servedBy, (counts.get(servedBy) ?? 0) + 1);
      }
    });
    await Promise.all(callers);
    return counts;
  }

  it('answer 1,000 calls of both eras, each task about a third', async () => {
    const counts = await makeCalls();
    expect([...counts.keys()]).to.have.members(tasks.map(({ name }) => name));
    for (const count of counts.values()) expect(count).to.be.above(CALLS / 5);
  });

  it('fail none of 1,000 calls when one of them is killed', async () => {
    const counts = await makeCalls(() => void tasks[0]?.stop('SIGKILL'));
    expect([...counts.values()].reduce((sum, count) => sum + count)).to.equal(CALLS);
  });

  it('fail none of 1,000 calls when one of them drains', async () => {
    let exit: Promise<number | null> | undefined;
    await makeCalls(() => {
      exit = tasks[1]?.stop('SIGTERM');
    });
    expect(await exit).to.equal(0);
  });
});
