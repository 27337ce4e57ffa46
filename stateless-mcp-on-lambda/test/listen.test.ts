import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { expect } from 'chai';
import { post } from './requests.ts';
import { type Served, serveSample } from './serve.ts';

describe('subscriptions', () => {
  let served: Served;
  before(async () => {
    served = await serveSample();
  });
  after(() => served.close());

  it('are not promised: tools.listChanged is false in both eras', async () => {
    for (const mode of ['legacy', { pin: '2026-07-28' }] as const) {
      const info = { name: 'test', version: '0.0.0' };
      const client = new Client(info, { versionNegotiation: { mode } });
      await client.connect(new StreamableHTTPClientTransport(served.url));
      expect(client.getServerCapabilities()).to.deep.equal({ tools: { listChanged: false } });
      await client.close();
    }
  });

  it('are refused at once, because nothing here can stream', async () => {
    const params = { notifications: { toolsListChanged: true } };
    const response = await fetch(served.url, post('modern', 'subscriptions/listen', params));
    expect(response.status).to.equal(404);
    const body = await response.text();
    expect(JSON.parse(body)).to.include({ id: 7 });
    expect(body).to.contain('cannot stream');
  });
});
