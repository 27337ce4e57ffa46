import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { expect } from 'chai';
import { bodyOf, openSession, post, toolCall } from './raw-client.ts';
import { connectClient } from './sdk-client.ts';
import { openStores, type TestStores } from './stores.ts';
import { roundRobin, startTask, TEST_LIMITS, type TestTask } from './tasks.ts';

const info = { name: 'test', version: '0.0.0' };

describe('clients', () => {
  let stores: TestStores;
  let tasks: TestTask[];
  before(async () => {
    stores = await openStores('dynamodb');
    tasks = await Promise.all(
      ['A', 'B', 'C'].map((name) => startTask(name, stores.store(TEST_LIMITS))),
    );
  });
  after(async () => {
    for (const task of tasks) await task.close();
    await stores.close();
  });
  const anywhere = () => roundRobin(() => tasks);
  const url = new URL('http://balancer.invalid/mcp');

  it("v1: every task serves a session's calls, and all together count them", async () => {
    const client = await connectClient(url, { fetch: anywhere() });
    const answers = [];
    for (let call = 1; call <= 6; call += 1) answers.push(await client.call('ping'));
    expect(answers.map(({ sessionCalls }) => sessionCalls)).to.deep.equal([1, 2, 3, 4, 5, 6]);
    expect(new Set(answers.map(({ servedBy }) => servedBy)).size).to.equal(3);
    expect(client.client.getServerCapabilities()).to.deep.equal({
      tools: {},
      resources: { subscribe: true },
    });
    await client.close();
  });

  it('v2, automatic: falls back to 2025-11-25 by itself and is served', async () => {
    const client = new Client(info, { versionNegotiation: { mode: 'auto' } });
    await client.connect(new StreamableHTTPClientTransport(url, { fetch: anywhere() }));
    expect(client.getNegotiatedProtocolVersion()).to.equal('2025-11-25');
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).to.include.members(['ping', 'add-note', 'clear-notes']);
    const progress: number[] = [];
    await client.callTool(
      { name: 'countdown', arguments: { seconds: 2 } },
      { onprogress: (update) => progress.push(update.progress) },
    );
    expect(progress).to.deep.equal([1, 2]);
    await client.close();
  });

  it('v2, pinned to 2026-07-28: is refused with the versions that are served', async () => {
    const client = new Client(info, { versionNegotiation: { mode: { pin: '2026-07-28' } } });
    const error = await client
      .connect(new StreamableHTTPClientTransport(url, { fetch: anywhere() }))
      .catch((reason: Error) => reason);
    expect(String(error)).to.contain('2026-07-28');
    const response = await fetch(tasks[0]?.url ?? url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'mcp-protocol-version': '2026-07-28',
        'mcp-method': 'server/discover',
      },
      body: JSON.stringify({
        jsonrpc: '2.0',
        id: 1,
        method: 'server/discover',
        params: { _meta: { 'io.modelcontextprotocol/protocolVersion': '2026-07-28' } },
      }),
    });
    expect(response.status).to.equal(400);
    const body = await bodyOf(response);
    expect(body.error.code).to.equal(-32022);
    expect(body.error.data).to.deep.equal({
      supported: ['2025-11-25', '2025-06-18', '2025-03-26', '2024-11-05', '2024-10-07'],
      requested: '2026-07-28',
    });
  });

  it('notices on every task that a session was deleted on one', async () => {
    const [here, there] = tasks;
    if (!here || !there) throw new Error('no tasks');
    const headers = await openSession(here.url);
    const stream = await fetch(there.url, { headers });
    expect(stream.status).to.equal(200);
    const deletedAt = Date.now();
    expect((await fetch(here.url, { method: 'DELETE', headers })).status).to.equal(204);
    await stream.text();
    expect(Date.now() - deletedAt).to.be.below(5 * TEST_LIMITS.announcementPollMs);
    for (const { url: each } of tasks) {
      expect((await post(each, toolCall(1, 'ping'), headers)).status).to.equal(404);
    }
  });

  it('names an unknown tool and a wrong argument as the protocol has it', async () => {
    const client = await connectClient(url, { fetch: anywhere() });
    const error = await client.call('nope').catch((reason: Error) => reason);
    expect(String(error)).to.contain('Unknown tool: nope');
    expect(await client.failure('add-note', { text: '' })).to.contain('text: ');
    await client.close();
  });
});
