import { connect } from 'node:net';
import { expect } from 'chai';
import { startTask } from '../src/demo-task.ts';
import { post } from './requests.ts';

const accept = { accept: 'application/json, text/event-stream' };
const countdown = (seconds: number) =>
  post(
    'legacy',
    'tools/call',
    { name: 'countdown', arguments: { seconds }, _meta: { progressToken: 1 } },
    accept,
  );

/** Polls /health until it answers with the status. */
async function waitForHealth(url: URL, status: number): Promise<void> {
  while ((await fetch(new URL('/health', url))).status !== status);
}

describe('a task that gets SIGTERM', () => {
  it('turns 503 on /health, serves on for the grace, finishes its calls and exits with 0', async () => {
    const task = await startTask({ DRAIN_GRACE_SECONDS: '1', DRAIN_TIMEOUT_SECONDS: '10' });
    const running = await fetch(task.url, countdown(3));
    const exit = task.stop('SIGTERM');
    await waitForHealth(task.url, 503);

    const late = await fetch(task.url, post('modern', 'tools/call', { name: 'ping' }));
    expect(late.status).to.equal(200);
    expect(late.headers.get('connection')).to.equal('close');
    expect(await running.text()).to.contain('"structuredContent":{"seconds":3');
    expect(await exit).to.equal(0);
  });

  it('loses no call under load', async () => {
    const task = await startTask({ DRAIN_GRACE_SECONDS: '1', DRAIN_TIMEOUT_SECONDS: '10' });
    let isStopping = false;
    const lost: unknown[] = [];
    const callers = Array.from({ length: 8 }, async () => {
      // Each caller ends with the first call after it was told, as a balancer would have it.
      while (!isStopping) {
        const response = await fetch(
          task.url,
          post('legacy', 'tools/call', { name: 'ping' }),
        ).catch((error) => lost.push(error));
        if (response instanceof Response) {
          isStopping ||= response.headers.get('connection') === 'close';
          await response.text();
        }
      }
    });
    expect(await task.stop('SIGTERM')).to.equal(0);
    await Promise.all(callers);
    expect(lost).to.deep.equal([]);
  });

  it('ends what would outlast the deadline, and still exits with 0', async () => {
    const task = await startTask({ DRAIN_GRACE_SECONDS: '0', DRAIN_TIMEOUT_SECONDS: '2' });
    const running = await fetch(task.url, countdown(60));
    const exit = task.stop('SIGTERM');
    expect(await running.text()).to.contain('The task is stopping');
    expect(await exit).to.equal(0);
  });

  it('exits at once at the second signal', async () => {
    const task = await startTask({ DRAIN_GRACE_SECONDS: '20' });
    const exit = task.stop('SIGTERM');
    await waitForHealth(task.url, 503);
    await task.stop('SIGTERM');
    expect(await exit).to.equal(1);
  });
});

describe('a client that sends its headers a byte at a time', () => {
  it('does not keep others from being served', async () => {
    const task = await startTask();
    const slow = connect(Number(task.url.port), '127.0.0.1');
    slow.on('error', () => {});
    slow.write('POST /mcp HTTP/1.1\r\nHost: loc');
    for (let call = 0; call < 20; call += 1) {
      expect((await fetch(task.url, post('legacy', 'ping'))).status).to.equal(200);
    }
    slow.destroy();
    await task.stop('SIGKILL');
  });
});
