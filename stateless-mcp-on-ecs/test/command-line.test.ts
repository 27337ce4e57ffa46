import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { startTask, type Task } from '../src/demo-task.ts';

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
  it('npm run demo: every task answers, one stops under load, none of the calls fails', async () => {
    const { code, output } = await run(node('src/demo.ts'));
    expect(code, output).to.equal(0);
    expect(output).to.contain('A client of 2025-11-25').and.contain('A client of 2026-07-28');
    expect(output.match(/✔/g), output).to.have.length(6);
    expect(output).to.match(/exit code 0\n.* \d+ calls answered, 0 failed\n\nAll of it held\./);
  }).timeout(60_000);

  describe('a running task', () => {
    let task: Task;
    before(async () => {
      task = await startTask();
    });
    after(() => task.stop('SIGKILL'));

    it('serves npm run client in each mode', async () => {
      for (const era of ['auto', 'legacy', 'modern']) {
        const args = ['--era', era, '--calls', '2', '--message', 'hi'];
        const { code, output } = await run(node('src/client-main.ts', task.url.href, ...args));
        expect(code, output).to.equal(0);
        expect(output).to.contain(`(--era ${era})`).and.contain('ping 2');
      }
    });

    it('keeps its port: a second one names it and ends with 1', async () => {
      const { code, output } = await run(node('src/main.ts'), { PORT: task.url.port });
      expect(code).to.equal(1);
      expect(output).to.match(/Cannot listen on .* Set PORT to a free port/);
    });
  });

  it('names a wrong variable and ends with 1, without a stack trace', async () => {
    const { code, output } = await run(node('src/main.ts'), { MAX_CONCURRENT_CALLS: 'many' });
    expect(code).to.equal(1);
    expect(output).to.match(/^The configuration is wrong\. MAX_CONCURRENT_CALLS: /);
    expect(output).not.to.contain('  at ');
  });

  it('logs an uncaught error and ends with 1', async () => {
    const script = 'await import("./src/main.ts"); Promise.reject(new Error("lost"));';
    const args = ['--import', 'tsx', '--input-type=module', '-e', script];
    const { code, output } = await run(args, { PORT: '0' });
    expect(code).to.equal(1);
    expect(output).to.contain(
      '"level":"ERROR","message":"unhandledRejection","cause":"Error: lost"',
    );
  });
});
