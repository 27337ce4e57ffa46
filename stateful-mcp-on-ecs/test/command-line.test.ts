import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { startTask, type Task } from '../src/demo-task.ts';
import { connectClient } from './sdk-client.ts';
import { until } from './until.ts';

const node = (file: string, ...args: string[]) => ['--import', 'tsx', file, ...args];

/** Runs a command to its end. Resolves to its exit code and what it printed. */
async function run(args: string[], env: Record<string, string> = {}) {
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, args, {
      env: { ...process.env, ...env },
    });
    return { code: 0, output: stdout + stderr };
  } catch (error) {
    // `as`: this is what execFile rejects with.
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, output: stdout + stderr };
  }
}

describe('the commands', () => {
  it('npm run demo: a session is pushed to, resumed, and survives its task', async () => {
    const { code, output } = await run(node('src/demo.ts'));
    expect(code, output).to.equal(0);
    expect(output.match(/✔/g), output).to.have.length(10);
    expect(output).to.contain('All of it held.');
  }).timeout(60_000);

  describe('a running task', () => {
    let task: Task;
    before(async () => {
      task = await startTask();
    });
    after(() => task.stop('SIGKILL'));

    it('serves npm run client, in one session', async () => {
      for (const era of ['auto', 'legacy']) {
        const args = ['--era', era, '--calls', '2', '--message', 'hi'];
        const { code, output } = await run(node('src/client-main.ts', task.url.href, ...args));
        expect(code, output).to.equal(0);
        expect(output).to.contain(`2025-11-25 (--era ${era})`);
        expect(output).to.match(/ping 2 .* answered call 3 of the session/);
      }
    });

    it('tells a client that insists on 2026-07-28 what it serves', async () => {
      const { code, output } = await run(
        node('src/client-main.ts', task.url.href, '--era', 'modern'),
      );
      expect(code).to.equal(1);
      expect(output).to.contain('Unsupported protocol version: 2026-07-28');
    });

    it('keeps its port: a second one names it and ends with 1', async () => {
      const { code, output } = await run(node('src/main.ts'), { PORT: task.url.port });
      expect(code).to.equal(1);
      expect(output).to.match(/Cannot listen on .* Set PORT to a free port/);
    });
  });

  it('names a wrong variable and ends with 1, without a stack trace', async () => {
    const { code, output } = await run(node('src/main.ts'), { SESSION_IDLE_MINUTES: 'many' });
    expect(code).to.equal(1);
    expect(output).to.match(/^The configuration is wrong\. SESSION_IDLE_MINUTES: /);
    expect(output).not.to.contain('  at ');
  });

  it('names the ECS task that answers, as soon as ECS has told its id', async () => {
    const ecs = createServer((_req, res) => {
      res.end(JSON.stringify({ TaskARN: 'arn:aws:ecs:us-east-1:123456789012:task/test/0f1e2d3c' }));
    }).listen(0, '127.0.0.1');
    await once(ecs, 'listening');
    // `as`: a server that listens on TCP has an address of this kind.
    const { port } = ecs.address() as AddressInfo;
    const task = await startTask({ ECS_CONTAINER_METADATA_URI_V4: `http://127.0.0.1:${port}` });
    const client = await connectClient(task.url);
    await until('ping names it', async () => (await client.call('ping')).servedBy === '0f1e2d3c');
    await client.close();
    await task.stop('SIGKILL');
    ecs.close();
  });

  it('SIGTERM drains a task and ends it with 0', async () => {
    const task = await startTask({ DRAIN_GRACE_SECONDS: '0' });
    expect(await task.stop('SIGTERM')).to.equal(0);
  });
});
