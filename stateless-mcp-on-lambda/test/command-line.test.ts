import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { expect } from 'chai';

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
  it('npm run demo: serves, calls in both eras, prints the log, ends with 0', async () => {
    const { code, output } = await run(node('src/demo.ts'));
    expect(code, output).to.equal(0);
    expect(output).to.contain('2025-11-25 (--era legacy)').and.contain('2026-07-28 (--era modern)');
    expect(output.match(/ping \d/g)).to.have.length(4);
    expect(output).to.contain('"mcpMethod":"tools/call","tool":"ping"');
    expect(output).to.match(/All of it held\.\n$/);
  });

  describe('npm run dev', () => {
    let server: ChildProcess;
    let url: string;
    before(async () => {
      const env = { ...process.env, PORT: '0' };
      server = spawn(process.execPath, node('src/local.ts'), {
        env,
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      if (server.stderr === null) throw new Error('stderr is not piped');
      const [line] = await once(createInterface(server.stderr), 'line');
      url = /http:[^"]+/.exec(line)?.[0] ?? '';
    });
    after(async () => {
      server.kill();
      await once(server, 'exit');
    });

    it('says where it listens, and npm run client works there in each mode', async () => {
      expect(url).to.match(/^http:\/\/127\.0\.0\.1:\d+\/mcp$/);
      for (const era of ['auto', 'legacy', 'modern']) {
        const args = ['--era', era, '--calls', '2', '--message', 'hi'];
        const { code, output } = await run(node('src/client-main.ts', url, ...args));
        expect(code, output).to.equal(0);
        expect(output).to.contain(`(--era ${era})`).and.contain('ping 2');
      }
    });

    it('names a port that is taken and ends with 1', async () => {
      const { code, output } = await run(node('src/local.ts'), { PORT: new URL(url).port });
      expect(code).to.equal(1);
      expect(output).to.match(/Cannot listen on .* Set PORT to a free port/);
    });
  });

  it('names a wrong variable and ends with 1, without a stack trace', async () => {
    const { code, output } = await run(node('src/local.ts'), { ALLOWED_ORIGINS: 'nonsense' });
    expect(code).to.equal(1);
    expect(output)
      .to.match(/^The configuration is wrong\. ALLOWED_ORIGINS: /)
      .and.not.contain('  at ');
  });

  for (const args of [
    [],
    ['ftp://x'],
    ['http://x', '--era', 'old'],
    ['http://x', '--calls', '0'],
    ['http://x', '--nope'],
  ]) {
    it(`the client explains itself and ends with 2: ${args.join(' ')}`, async () => {
      const { code, output } = await run(node('src/client-main.ts', ...args));
      expect(code).to.equal(2);
      expect(output).to.contain('Usage: npm run client');
    });
  }

  it('the client names the cause when nothing listens, and ends with 1', async () => {
    const { code, output } = await run(node('src/client-main.ts', 'http://127.0.0.1:1/mcp'));
    expect(code).to.equal(1);
    expect(output).to.match(/^Failed: .*(ECONNREFUSED|bad port)/);
  });
});
