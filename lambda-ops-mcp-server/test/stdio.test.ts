import { type ChildProcessWithoutNullStreams, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { JSONRPCMessageSchema } from '@modelcontextprotocol/sdk/types.js';
import { expect } from 'chai';
import { emulatedEnvironment } from '../src/demo/emulated-environment.ts';
import { type Emulator, startEmulator } from '../src/demo/emulator/emulator.ts';

const DAY = ['--offline', '--today', '2026-11-22'];

describe('the built single file', () => {
  let folder: string;
  let file: string;
  let emulator: Emulator;
  const clients: Client[] = [];
  const children: ChildProcessWithoutNullStreams[] = [];

  before(async function () {
    this.timeout(60_000);
    execFileSync(process.execPath, ['--import', 'tsx', 'scripts/build.ts']);
    // Away from node_modules: the file has to be all that it needs.
    folder = mkdtempSync(join(tmpdir(), 'lambda-ops-'));
    file = join(folder, 'server.mjs');
    copyFileSync('dist/lambda-ops-mcp-server.mjs', file);
  });
  after(() => rmSync(folder, { recursive: true }));

  beforeEach(async () => {
    const run = () => ({ payload: { ok: true } });
    emulator = await startEmulator({
      regions: { 'eu-west-1': [{ name: 'api', runtime: 'nodejs20.x', run }] },
    });
  });
  afterEach(async () => {
    await Promise.all(clients.splice(0).map((client) => client.close()));
    for (const child of children.splice(0)) child.kill('SIGKILL');
    await emulator.close();
  });

  const environment = () => ({
    PATH: process.env.PATH ?? '',
    ...emulatedEnvironment(emulator.url),
  });

  function start(args: string[]) {
    const child = spawn(process.execPath, [file, ...args], { env: environment() });
    children.push(child);
    const output = { stdout: '', stderr: '' };
    child.stdout.on('data', (chunk) => {
      output.stdout += chunk;
    });
    child.stderr.on('data', (chunk) => {
      output.stderr += chunk;
    });
    return { child, output };
  }

  async function connect(args: string[]) {
    const client = new Client({ name: 'test', version: '1.0.0' });
    clients.push(client);
    const transport = new StdioClientTransport({
      command: process.execPath,
      args: [file, ...args],
      env: environment(),
      stderr: 'ignore',
    });
    await client.connect(transport);
    return { client, pid: transport.pid };
  }

  async function ended(child: ChildProcessWithoutNullStreams): Promise<number | null> {
    const [code] = child.exitCode === null ? await once(child, 'close') : [child.exitCode];
    return code;
  }

  it('prints nothing but JSON-RPC on stdout and nothing but JSON lines on stderr, to the end', async () => {
    const { child, output } = start(DAY);
    const initialize = {
      protocolVersion: '2025-11-25',
      capabilities: {},
      clientInfo: { name: 't', version: '1' },
    };
    const call = { name: 'get-function', arguments: { functionName: 'api' } };
    for (const message of [
      { jsonrpc: '2.0', id: 1, method: 'initialize', params: initialize },
      { jsonrpc: '2.0', method: 'notifications/initialized' },
      { jsonrpc: '2.0', id: 2, method: 'tools/list' },
      { jsonrpc: '2.0', id: 3, method: 'tools/call', params: call },
      {
        jsonrpc: '2.0',
        id: 4,
        method: 'tools/call',
        params: { name: 'get-function', arguments: { functionName: 'no' } },
      },
      { jsonrpc: '2.0', id: 5, method: 'no/such/method' },
    ]) {
      child.stdin.write(`${JSON.stringify(message)}\n`);
    }
    child.stdin.end('this is not JSON\n');
    expect(await ended(child)).to.equal(0);
    const answers = lines(output.stdout).map((line) =>
      JSONRPCMessageSchema.parse(JSON.parse(line)),
    );
    expect(answers.map((answer) => ('id' in answer ? answer.id : undefined)).sort()).to.deep.equal([
      1, 2, 3, 4, 5,
    ]);
    const logged = lines(output.stderr).map((line) => JSON.parse(line).message);
    expect(logged).to.include.members(['tool call', 'protocol error']);
    expect(output.stderr).not.to.match(/\.mjs|\bat /);
  });

  it('turns warnings of Node and the AWS SDK into JSON lines', async () => {
    const { child, output } = start(DAY);
    child.stdin.end(
      `${JSON.stringify({
        ...{ jsonrpc: '2.0', id: 1, method: 'tools/call' },
        params: { name: 'list-functions', arguments: {} },
      })}\n`,
    );
    expect(await ended(child)).to.equal(0);
    const logged = lines(output.stderr).map((line) => JSON.parse(line));
    const warnings = logged.filter(({ text }) => /NodeVersionSupportWarning/.test(text));
    // The AWS SDK warns on Node 20 only; once in the log is enough.
    expect(warnings).to.have.length(process.version.startsWith('v20') ? 1 : 0);
  });

  it('ends with code 2 and one JSON line when a flag is wrong', async () => {
    const { child, output } = start(['--allow-write']);
    expect(await ended(child)).to.equal(2);
    expect(output.stdout).to.equal('');
    expect(JSON.parse(output.stderr)).to.include({ level: 'ERROR', message: 'not started' });
    expect(output.stderr).to.match(/--allow-write.*--help/);
  });

  it('shows --help and --version on stderr, because stdout belongs to the protocol', async () => {
    for (const [flag, text] of [
      ['--help', /--allow-writes/],
      ['--version', /^\d+\.\d+\.\d+\n$/],
    ] as const) {
      const { child, output } = start([flag]);
      expect(await ended(child)).to.equal(0);
      expect(output.stdout).to.equal('');
      expect(output.stderr).to.match(text);
    }
  });

  it('lets one of two servers upgrade a function, and tells the other', async () => {
    const flags = [...DAY, '--allow-writes', '--no-confirm'];
    const servers = await Promise.all([connect(flags), connect(flags)]);
    const plans = await Promise.all(servers.map(({ client }) => plan(client)));
    const results = await Promise.all(
      servers.map(({ client }, index) =>
        client.callTool({ name: 'update-function-runtime', arguments: { planId: plans[index] } }),
      ),
    );
    expect(results.filter(({ isError }) => isError === true)).to.have.length(1);
    expect(JSON.stringify(results)).to.match(/changed|being (created or )?updated/);
    expect(emulator.find('eu-west-1', 'api').config.Runtime).to.equal('nodejs24.x');
  });

  for (const [action, runtime, explanation] of [
    ['lambda:TagResource', 'nodejs20.x', undefined],
    [
      'lambda:UpdateFunctionConfiguration',
      'nodejs20.x',
      /was begun and has not changed the runtime/,
    ],
    ['lambda:InvokeFunction', 'nodejs24.x', /upgraded it from nodejs20\.x to nodejs24\.x/],
  ] as const) {
    it(`killed at ${action}, leaves a function that the next server explains and mends`, async () => {
      const flags = [...DAY, '--allow-writes', '--no-confirm'];
      const { client, pid } = await connect(flags);
      const planId = await plan(client);
      let runs = 0;
      const killed = new Promise<void>((resolve) => {
        emulator.before.set(action, () => {
          // The first InvokeFunction only asks for permission; the second is the smoke test.
          runs += 1;
          if (action === 'lambda:InvokeFunction' && runs === 1) return;
          if (pid !== null) process.kill(pid, 'SIGKILL');
          resolve();
          // What was under way when the process died does not arrive.
          throw new Error('killed');
        });
      });
      const call = client
        .callTool({ name: 'update-function-runtime', arguments: { planId, smokeTestPayload: {} } })
        .catch(() => undefined);
      await killed;
      await call;
      emulator.before.clear();

      const next = (await connect(flags)).client;
      const found = await next.callTool({
        name: 'get-function',
        arguments: { functionName: 'api' },
      });
      // `as`: the client has checked it against the tool's output schema.
      const { upgradeState, runtime: present } = found.structuredContent as Record<string, unknown>;
      expect(present).to.equal(runtime);
      if (explanation === undefined) expect(upgradeState).to.equal(null);
      else expect(upgradeState).to.match(explanation);
      const mended =
        runtime === 'nodejs20.x'
          ? { name: 'update-function-runtime', arguments: { planId: await plan(next) } }
          : { name: 'rollback-function-runtime', arguments: { functionName: 'api' } };
      expect((await next.callTool(mended)).isError).to.equal(undefined);
    });
  }

  it('finishes an upgrade even when the client leaves in the middle of it', async () => {
    const { child } = start([...DAY, '--allow-writes', '--no-confirm']);
    const plans = once(child.stdout, 'data');
    child.stdin.write(request(1, 'plan-runtime-upgrade', { functionName: 'api' }));
    const planId = JSON.parse(String((await plans)[0])).result.structuredContent.planId;
    emulator.before.set('lambda:PublishVersion', () => {
      child.stdin.end();
    });
    child.stdin.write(request(2, 'update-function-runtime', { planId }));
    expect(await ended(child)).to.equal(0);
    expect(emulator.find('eu-west-1', 'api').config.Runtime).to.equal('nodejs24.x');
  });
});

async function plan(client: Client): Promise<unknown> {
  const args = { name: 'plan-runtime-upgrade', arguments: { functionName: 'api' } };
  const { structuredContent } = await client.callTool(args);
  // `as`: the client has checked it against the tool's output schema.
  return (structuredContent as Record<string, unknown>).planId;
}

function request(id: number, name: string, args: Record<string, unknown>): string {
  const params = { name, arguments: args };
  return `${JSON.stringify({ jsonrpc: '2.0', id, method: 'tools/call', params })}\n`;
}

function lines(text: string): string[] {
  return text.split('\n').filter((line) => line !== '');
}
