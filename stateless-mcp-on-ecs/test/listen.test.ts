import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { expect } from 'chai';
import { post } from './requests.ts';
import { serveApp } from './serve.ts';

const listen = post(
  'modern',
  'subscriptions/listen',
  { notifications: { toolsListChanged: true } },
  { accept: 'application/json, text/event-stream' },
);

describe('subscriptions', () => {
  let served: Awaited<ReturnType<typeof serveApp>>;
  beforeEach(async () => {
    served = await serveApp({ maxSubscriptions: 2 });
  });
  afterEach(() => served.close());

  it('are acknowledged and held, and end with news when the task drains', async () => {
    const response = await fetch(served.url, listen);
    expect(response.status).to.equal(200);
    served.draining.abort();
    const events = (await response.text()).match(/"method":"[^"]+"|"resultType":"[^"]+"/g);
    expect(events).to.deep.equal([
      '"method":"notifications/subscriptions/acknowledged"',
      '"method":"notifications/tools/list_changed"',
      '"resultType":"complete"',
    ]);
  });

  it('are refused with 503 beyond the limit, until one is given up', async () => {
    const aborter = new AbortController();
    await fetch(served.url, { ...listen, signal: aborter.signal });
    await fetch(served.url, listen);
    const refused = await fetch(served.url, listen);
    expect(refused.status).to.equal(503);
    expect(refused.headers.get('retry-after')).to.equal('5');
    expect(await refused.text())
      .to.contain('holds 2 subscriptions, its limit')
      .and.contain('"id":7');

    aborter.abort();
    let status = 503;
    while (status === 503) ({ status } = await fetch(served.url, listen));
    expect(status).to.equal(200);
  });

  it('are refused while the task drains', async () => {
    served.draining.abort();
    const refused = await fetch(served.url, listen);
    expect(refused.status).to.equal(503);
    expect(await refused.text()).to.contain('is stopping');
  });

  it("work through the SDK's client, which hears of the change", async () => {
    const client = new Client(
      { name: 'test', version: '0.0.0' },
      {
        versionNegotiation: { mode: { pin: '2026-07-28' } },
        listChanged: { tools: { onChanged: () => onChanged() } },
      },
    );
    let onChanged = () => {};
    const changed = new Promise<void>((resolve) => {
      onChanged = resolve;
    });
    await client.connect(new StreamableHTTPClientTransport(served.url));
    expect(client.getServerCapabilities()?.tools?.listChanged).to.equal(true);
    await client.listTools();
    served.draining.abort();
    await changed;
    await client.close();
  });
});
