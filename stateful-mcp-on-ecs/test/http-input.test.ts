import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { createMemoryStore } from '../src/sessions/memory-store.ts';
import { INITIALIZE, openSession, post, toolCall } from './raw-client.ts';
import { refusal } from './refusals.ts';
import { startTask, TEST_LIMITS, type TestTask } from './tasks.ts';
import { until } from './until.ts';

const PING = toolCall(7, 'ping');
const json = { 'content-type': 'application/json' };

const DEEP_INITIALIZE = { ...INITIALIZE, params: { ...INITIALIZE.params, deep: 0 } };

describe('paths and bodies that are wrong', () => {
  let task: TestTask;
  let session: Record<string, string>;
  before(async () => {
    task = await startTask('A', createMemoryStore(TEST_LIMITS));
    session = await openSession(task.url);
  });
  after(() => task.close());

  for (const path of ['/', '/mcp/', '/MCP', '/mcp/x', '/%']) {
    it(`answers 404 to the unknown path ${path}, whatever the method`, async () => {
      const url = new URL(path, task.url);
      for (const method of ['POST', 'GET', 'DELETE']) {
        const body = method === 'POST' ? JSON.stringify(PING) : null;
        const response = await fetch(url, { method, headers: { ...json, ...session }, body });
        expect(response.status, method).to.equal(404);
        expect(await response.json()).to.have.all.keys('error');
      }
    });
  }

  for (const body of ['', '{', 'hello', '{"jsonrpc":"2.0",}']) {
    it(`answers 400 with -32700 to the body ${JSON.stringify(body)}`, async () => {
      const { id, error } = await refusal(await post(task.url, body, session), 400);
      expect(id).to.equal(null);
      expect(error.code).to.equal(-32700);
    });
  }

  for (const body of [
    '42',
    'null',
    '{}',
    '"a"',
    '[]',
    '{"jsonrpc":"1.0","id":7,"method":"ping"}',
    '{"jsonrpc":"2.0","id":null,"method":"ping"}',
    '{"jsonrpc":"2.0","id":1.5,"method":"ping"}',
    '{"jsonrpc":"2.0","id":7,"method":"ping","params":[]}',
    '{"jsonrpc":"2.0","id":7,"method":"ping","extra":"s3cr3t"}',
    '{"jsonrpc":"2.0","method":"notifications/initialized","extra":1}',
    '{"jsonrpc":"2.0","id":7,"result":{},"extra":1}',
  ]) {
    it(`answers 400 with -32600 to ${body}, which is no JSON-RPC message`, async () => {
      const { id, error } = await refusal(await post(task.url, body, session), 400);
      expect(id).to.equal(null);
      expect(error.code).to.equal(-32600);
      expect(error.message).not.to.contain('s3cr3t');
    });
  }

  it('answers 413 to a body above 1 MiB, unpacked or not, before it has an id', async () => {
    const body = JSON.stringify(toolCall(7, 'ping', { padding: 'x'.repeat(1024 * 1024) }));
    expect((await refusal(await post(task.url, body, session), 413)).id).to.equal(null);
    const headers = { ...json, ...session, 'content-encoding': 'gzip' };
    const packed = await fetch(task.url, { method: 'POST', headers, body: gzipSync(body) });
    expect((await refusal(packed, 413)).error.message).to.contain('1 MiB');
  });

  it('answers 413 with its id to a request of a byte more than a session takes', async () => {
    const empty = Buffer.byteLength(JSON.stringify(toolCall(7, 'ping', { padding: '' })));
    const ofBytes = (bytes: number) =>
      post(task.url, toolCall(7, 'ping', { padding: 'x'.repeat(bytes - empty) }), session);
    expect((await ofBytes(TEST_LIMITS.maxRequestBytes)).status).to.equal(200);
    expect((await refusal(await ofBytes(TEST_LIMITS.maxRequestBytes + 1), 413)).id).to.equal(7);
  });

  it('measures a request unpacked', async () => {
    const padding = 'x'.repeat(TEST_LIMITS.maxRequestBytes);
    const headers = { ...json, ...session, 'content-encoding': 'gzip' };
    const body = gzipSync(JSON.stringify(toolCall(7, 'ping', { padding })));
    const packed = await fetch(task.url, { method: 'POST', headers, body });
    expect((await refusal(packed, 413)).id).to.equal(7);
  });

  it('answers 400 to a request that is nested deeper than the stack', async () => {
    const deep = `${'['.repeat(40_000)}${']'.repeat(40_000)}`;
    for (const message of [toolCall(7, 'add-note', { text: 'x', deep: 0 }), DEEP_INITIALIZE]) {
      const body = JSON.stringify(message).replace('"deep":0', `"deep":${deep}`);
      const { id, error } = await refusal(await post(task.url, body, session), 400);
      expect(id).to.equal(message.id);
      expect(error.message).to.contain('nested too deeply');
    }
  });

  it('logs a client that hangs up in mid-body as 499, and is none the worse for it', async () => {
    task.log.length = 0;
    const head = `POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n`;
    const socket = connect(Number(task.url.port), '127.0.0.1');
    socket.write(`${head}Content-Length: 500\r\n\r\n{"jsonrpc"`, () => socket.destroy());
    await until('it is logged', () => task.log.length > 0);
    expect(task.log[0]).to.include({ level: 'INFO', route: '/mcp', status: 499 });
    expect(task.log).to.have.length(1);
    expect((await post(task.url, PING, session)).status).to.equal(200);
  });
});
