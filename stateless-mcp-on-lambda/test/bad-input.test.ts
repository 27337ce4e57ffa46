import { request } from 'node:http';
import { expect } from 'chai';
import { post } from './requests.ts';
import { type Served, serveSample } from './serve.ts';

const json = { 'content-type': 'application/json' };

describe('bad input', () => {
  let served: Served;
  before(async () => {
    served = await serveSample();
  });
  after(() => served.close());

  /** Sends a request; checks that the answer is JSON without a stack trace, and returns it. */
  async function send(init: RequestInit, path = '/mcp') {
    const response = await fetch(new URL(path, served.url), init);
    const text = await response.text();
    expect(response.headers.get('content-type')).to.match(/^application\/json/);
    expect(text).not.to.match(/\bat .+:\d+|node_modules|\.ts\b/);
    return { status: response.status, headers: response.headers, body: JSON.parse(text) };
  }

  for (const method of ['GET', 'DELETE', 'PUT']) {
    it(`answers 405 to ${method} /mcp, because there is no session and no stream`, async () => {
      const { status, headers, body } = await send({ method });
      expect(status).to.equal(405);
      expect(headers.get('allow')).to.equal('POST');
      expect(body).to.deep.include({ jsonrpc: '2.0', id: null });
      expect(body.error.message).to.contain('Use POST');
    });
  }

  for (const path of ['/', '/mcp/', '/MCP', '/other', '/%']) {
    it(`answers 404 to the unknown path ${path}`, async () => {
      const { status } = await send(post('legacy', 'ping'), path);
      expect(status).to.equal(404);
    });
  }

  for (const body of ['', '{', 'hello', '{"jsonrpc":"2.0",}']) {
    it(`answers 400 with -32700 to the body ${JSON.stringify(body)}`, async () => {
      const { status, body: answer } = await send({ method: 'POST', headers: json, body });
      expect(status).to.equal(400);
      expect(answer).to.deep.include({ jsonrpc: '2.0', id: null });
      expect(answer.error.code).to.equal(-32700);
    });
  }

  for (const body of [
    '42',
    'null',
    '{}',
    '"a"',
    '[]',
    '[1]',
    '{"jsonrpc":"2.0","id":null,"method":"ping"}',
  ]) {
    it(`answers 400 with -32600 to ${body}, which is no JSON-RPC message`, async () => {
      const { status, body: answer } = await send({ method: 'POST', headers: json, body });
      expect(status).to.equal(400);
      expect(answer.error.code).to.equal(-32600);
    });
  }

  it('answers 413 to a body above 1 MiB, and 200 to one just below', async () => {
    const tooLarge = post('legacy', 'tools/call', {
      name: 'ping',
      padding: 'x'.repeat(1024 * 1024),
    });
    expect((await send(tooLarge)).status).to.equal(413);
    const large = post('legacy', 'tools/call', { name: 'ping', padding: 'x'.repeat(1024 * 1023) });
    expect((await send(large)).status).to.equal(200);
  });

  for (const type of [
    'text/plain',
    'application/x-www-form-urlencoded',
    'application/json; charset=latin1',
  ]) {
    it(`answers 415 to Content-Type ${type}`, async () => {
      const { status } = await send(post('legacy', 'ping', {}, { 'content-type': type }));
      expect(status).to.equal(415);
    });
  }

  it('accepts application/json with a UTF-8 charset', async () => {
    const headers = { 'content-type': 'application/json; charset=UTF-8' };
    expect((await send(post('legacy', 'ping', {}, headers))).status).to.equal(200);
  });

  for (const accept of ['text/event-stream', 'text/html', 'application/json;q=0']) {
    it(`answers 406 to Accept: ${accept}, which admits no JSON`, async () => {
      const { status } = await send(post('legacy', 'ping', {}, { accept }));
      expect(status).to.equal(406);
    });
  }

  for (const accept of ['*/*', 'application/*', 'application/json, text/event-stream']) {
    it(`answers 200 to Accept: ${accept}`, async () => {
      expect((await send(post('legacy', 'ping', {}, { accept }))).status).to.equal(200);
    });
  }

  for (const era of ['legacy', 'modern'] as const) {
    it(`answers 400 to an unknown protocol version and names the served ones (${era})`, async () => {
      const { status, body } = await send(
        post(era, 'tools/list', {}, { 'mcp-protocol-version': '2030-01-01' }),
      );
      expect(status).to.equal(400);
      expect(body.id).to.equal(7);
      expect(body.error.code).to.equal(-32022);
      expect(body.error.data.requested).to.equal('2030-01-01');
      const { supported } = body.error.data;
      expect(supported).to.include('2026-07-28');
      // A modern client gets what server/discover lists, a legacy one the whole list.
      expect(supported.includes('2025-11-25')).to.equal(era === 'legacy');
    });

    it(`names an unknown tool in the protocol's error (${era})`, async () => {
      const { body } = await send(post(era, 'tools/call', { name: 'nope' }));
      expect(body.id).to.equal(7);
      expect(body.error.code).to.equal(-32602);
      expect(body.error.message).to.contain('nope');
    });

    it(`names the tool and the field of a wrong argument (${era})`, async () => {
      for (const message of [5, 'x'.repeat(1001)]) {
        const params = { name: 'ping', arguments: { message } };
        const { body } = await send(post(era, 'tools/call', params));
        expect(body.result.isError).to.equal(true);
        expect(body.result.content[0].text).to.match(/^Invalid arguments for tool ping: message: /);
      }
    });

    it(`names the field of params that have the wrong shape (${era})`, async () => {
      for (const [params, field] of [
        [{ name: 'ping', arguments: [1] }, 'arguments'],
        [{ arguments: {} }, 'name'],
      ] as const) {
        const { body } = await send(post(era, 'tools/call', params));
        expect(body.error.code).to.equal(-32602);
        expect(body.error.message).to.contain(field);
      }
    });

    it(`answers 400 to members that JSON-RPC does not have (${era})`, async () => {
      const init = post(era, 'ping');
      const body = JSON.stringify({ ...JSON.parse(String(init.body)), extra: 's3cr3t' });
      const { status, body: answer } = await send({ ...init, body });
      expect(status).to.equal(400);
      expect(answer.error.code).to.equal(-32600);
    });

    it(`answers an unknown method with -32601 (${era})`, async () => {
      const { status, body } = await send(post(era, 'no/such-method'));
      expect(status).to.equal(era === 'modern' ? 404 : 200);
      expect(body.error.code).to.equal(-32601);
    });
  }

  const mismatches: Record<string, string>[] = [
    { 'mcp-method': 'tools/list' },
    { 'mcp-name': 'other' },
    { 'mcp-name': '=?base64?b3RoZXI=?=' },
  ];
  for (const headers of mismatches) {
    it(`answers 400 with -32020 when ${JSON.stringify(headers)} disagrees with the body`, async () => {
      const { status, body } = await send(post('modern', 'tools/call', { name: 'ping' }, headers));
      expect(status).to.equal(400);
      expect(body.error.code).to.equal(-32020);
    });
  }

  for (const missing of ['mcp-protocol-version', 'mcp-method', 'mcp-name']) {
    it(`answers 400 with -32020 to a modern request without ${missing}`, async () => {
      const init = post('modern', 'tools/call', { name: 'ping' });
      const headers = new Headers(init.headers);
      headers.delete(missing);
      const { status, body } = await send({ ...init, headers });
      expect(status).to.equal(400);
      expect(body.error.code).to.equal(-32020);
    });
  }

  it('reads an Mcp-Name that is encoded, as it must be beyond ASCII', async () => {
    const name = `=?base64?${Buffer.from('ping').toString('base64')}?=`;
    const { body } = await send(
      post('modern', 'tools/call', { name: 'ping' }, { 'mcp-name': name }),
    );
    expect(body.result.structuredContent.message).to.equal('pong');
  });

  it('answers 400 to a modern envelope that is malformed', async () => {
    const init = post('modern', 'tools/list');
    const body = JSON.stringify({ jsonrpc: '2.0', id: 7, method: 'tools/list', params: {} });
    const answer = await send({ ...init, body });
    expect(answer.status).to.equal(400);
    expect(answer.body.error.code).to.equal(-32602);
  });

  it('refuses a foreign Origin and a foreign Host with 403, and /health is exempt', async () => {
    const evil = { origin: 'https://evil.example' };
    expect((await send(post('legacy', 'ping', {}, evil))).status).to.equal(403);
    expect((await send(post('legacy', 'ping', {}, { origin: 'null' }))).status).to.equal(403);
    // fetch does not let a test set Host.
    expect(await statusWithHost('/mcp')).to.equal(403);
    expect(await statusWithHost('/health')).to.equal(200);
  });

  function statusWithHost(path: string): Promise<number | undefined> {
    return new Promise((resolve, reject) => {
      const url = new URL(path, served.url);
      const req = request(url, { headers: { host: 'evil.example', origin: '' } }, (res) => {
        res.resume();
        resolve(res.statusCode);
      });
      req.on('error', reject).end();
    });
  }
});
