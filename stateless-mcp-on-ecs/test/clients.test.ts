import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { Client as V1Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as V1Transport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { expect } from 'chai';
import * as z from 'zod';
import packageJson from '../package.json' with { type: 'json' };
import { post } from './requests.ts';
import { type Served, serveSample } from './serve.ts';

const info = { name: 'test', version: '0.0.0' };
const pong = z.object({ message: z.string(), servedBy: z.string(), requestCount: z.number() });

describe('clients of both eras on one URL', () => {
  let served: Served;
  before(async () => {
    served = await serveSample();
  });
  after(() => served.close());

  const modes = {
    'v2, automatic': { mode: 'auto', version: '2026-07-28' },
    'v2, pinned modern': { mode: { pin: '2026-07-28' }, version: '2026-07-28' },
    'v2, pinned legacy': { mode: 'legacy', version: '2025-11-25' },
  } as const;
  for (const [name, { mode, version }] of Object.entries(modes)) {
    it(`serves the SDK's client ${name} with ${version}`, async () => {
      const client = new Client(info, { versionNegotiation: { mode } });
      await client.connect(new StreamableHTTPClientTransport(served.url));
      expect(client.getNegotiatedProtocolVersion()).to.equal(version);
      const { tools } = await client.listTools();
      expect(tools.map((tool) => tool.name)).to.include('ping');
      const result = await client.callTool({ name: 'ping', arguments: { message: 'hi' } });
      expect(pong.parse(result.structuredContent).message).to.equal('hi');
      expect(result.content).to.deep.equal([
        { type: 'text', text: JSON.stringify(result.structuredContent) },
      ]);
      await client.close();
    });
  }

  it("serves the SDK's v1 client", async () => {
    const client = new V1Client(info);
    await client.connect(new V1Transport(served.url));
    expect(client.getServerVersion()?.name).to.equal(packageJson.name);
    const { tools } = await client.listTools();
    expect(tools[0]?.annotations).to.include({ readOnlyHint: true, openWorldHint: false });
    const result = await client.callTool({ name: 'ping' });
    expect(pong.parse(result.structuredContent).message).to.equal('pong');
    await client.close();
  });

  it('answers 50 parallel calls of both eras, each with its own message', async () => {
    const eras = ['legacy', 'modern'] as const;
    const answers = await Promise.all(
      Array.from({ length: 50 }, async (_, index) => {
        const message = `message ${index}`;
        const params = { name: 'ping', arguments: { message } };
        const init = post(eras[index % 2] ?? 'legacy', 'tools/call', params);
        const response = await fetch(served.url, init);
        const { result } = z
          .object({ result: z.object({ structuredContent: pong }) })
          .parse(await response.json());
        expect(result.structuredContent.message).to.equal(message);
        return result.structuredContent.requestCount;
      }),
    );
    expect(new Set(answers).size, 'every request is counted once').to.equal(50);
  });

  it('ignores a stray Mcp-Session-Id and gives none out', async () => {
    const init = post('legacy', 'tools/list', {}, { 'mcp-session-id': 'from-elsewhere' });
    const response = await fetch(served.url, init);
    expect(response.status).to.equal(200);
    expect(response.headers.get('mcp-session-id')).to.equal(null);
  });

  it('answers 202 without a body to a notification of either era', async () => {
    for (const era of ['legacy', 'modern'] as const) {
      const init = post(era, 'notifications/initialized');
      const { id: _, ...notification } = JSON.parse(String(init.body));
      const response = await fetch(served.url, { ...init, body: JSON.stringify(notification) });
      expect(response.status).to.equal(202);
      expect(await response.text()).to.equal('');
    }
  });

  it('answers a batch where its revision has batches, and nowhere else', async () => {
    const ping = (id: number) => ({ jsonrpc: '2.0', id, method: 'ping' });
    const body = JSON.stringify([ping(1), ping(2)]);
    const old = post('legacy', 'ping', {}, { 'mcp-protocol-version': '2025-03-26' });
    const answer = await fetch(served.url, { ...old, body });
    expect(await answer.json()).to.have.deep.members([
      { jsonrpc: '2.0', id: 1, result: {} },
      { jsonrpc: '2.0', id: 2, result: {} },
    ]);
    const refused = await fetch(served.url, { ...post('legacy', 'ping'), body });
    expect(refused.status).to.equal(400);
    const many = JSON.stringify(Array.from({ length: 101 }, (_, id) => ping(id)));
    expect((await fetch(served.url, { ...old, body: many })).status).to.equal(400);
    const initialize = JSON.stringify([ping(1), { ...ping(2), method: 'initialize', params: {} }]);
    expect((await fetch(served.url, { ...old, body: initialize })).status).to.equal(400);
  });

  it('reports health without an MCP request', async () => {
    const response = await fetch(new URL('/health', served.url));
    expect(response.status).to.equal(200);
    expect(await response.json()).to.include({ status: 'ok', version: '1.0.0' });
  });
});
