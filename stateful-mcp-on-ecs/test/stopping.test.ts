import { connect } from 'node:net';
import { expect } from 'chai';
import { startTask, type Task } from '../src/demo-task.ts';
import { openSession, post, toolCall } from './raw-client.ts';
import { until } from './until.ts';

describe('a task of its own process', () => {
  let task: Task;
  afterEach(() => task.stop('SIGKILL'));

  it('turns 503 on /health at SIGTERM, and serves sessions on for the grace', async () => {
    task = await startTask({ DRAIN_GRACE_SECONDS: '2', DRAIN_TIMEOUT_SECONDS: '10' });
    const session = await openSession(task.url);
    const exit = task.stop('SIGTERM');
    await until('/health is 503', async () => (await healthOf(task.url)) === 503);
    const late = await post(task.url, toolCall(1, 'ping'), session);
    expect(late.status).to.equal(200);
    expect(late.headers.get('connection')).to.equal('close');
    await late.text();
    expect(await exit).to.equal(0);
  });

  it('exits at once at the second SIGTERM', async () => {
    task = await startTask({ DRAIN_GRACE_SECONDS: '60', DRAIN_TIMEOUT_SECONDS: '90' });
    const exit = task.stop('SIGTERM');
    await until('/health is 503', async () => (await healthOf(task.url)) === 503);
    await task.stop('SIGTERM');
    expect(await exit).to.equal(1);
  });

  it('is not kept from serving by a client that sends its headers a byte at a time', async () => {
    task = await startTask();
    const slow = connect(Number(task.url.port), '127.0.0.1');
    slow.on('error', () => {});
    slow.write('POST /mcp HTTP/1.1\r\nHost: loc');
    const session = await openSession(task.url);
    for (let id = 1; id <= 20; id += 1) {
      expect((await post(task.url, toolCall(id, 'ping'), session)).status).to.equal(200);
    }
    slow.destroy();
  });
});

async function healthOf(url: URL): Promise<number> {
  return (await fetch(new URL('/health', url))).status;
}
