import { expect } from 'chai';
import { post } from './requests.ts';
import { serveApp } from './serve.ts';

describe('the limit of concurrent calls', () => {
  it('refuses more at once with 503, and takes the next when one has ended', async () => {
    const served = await serveApp({ maxConcurrentCalls: 1 });
    const aborter = new AbortController();
    const params = { name: 'countdown', arguments: { seconds: 60 }, _meta: { progressToken: 1 } };
    const accept = { accept: 'application/json, text/event-stream' };
    const init = post('legacy', 'tools/call', params, accept);
    // The stream begins with the first progress: from then on, the call is known to run.
    await fetch(served.url, { ...init, signal: aborter.signal });

    const refused = await fetch(served.url, post('modern', 'tools/call', { name: 'ping' }));
    expect(refused.status).to.equal(503);
    expect(refused.headers.get('retry-after')).to.equal('1');
    expect(await refused.text())
      .to.contain('"id":7')
      .and.contain('limit of concurrent calls');
    expect((await fetch(new URL('/health', served.url))).status).to.equal(200);

    aborter.abort();
    let status = 503;
    while (status === 503) {
      ({ status } = await fetch(served.url, post('legacy', 'ping')));
    }
    expect(status).to.equal(200);
    await served.close();
  });
});
