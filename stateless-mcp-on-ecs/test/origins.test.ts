import { expect } from 'chai';
import { post } from './requests.ts';
import { type Served, serveApp } from './serve.ts';

const origin = 'https://app.example';

describe('browser origins', () => {
  let served: Served;
  afterEach(() => served.close());

  it('gives an allowed origin its CORS answers, preflight included', async () => {
    served = await serveApp({ allowedOrigins: [origin] });
    const preflight = await fetch(served.url, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type,mcp-method',
      },
    });
    expect(preflight.status).to.equal(204);
    expect(preflight.headers.get('access-control-allow-origin')).to.equal(origin);
    expect(preflight.headers.get('access-control-allow-methods')).to.equal('POST');
    expect(preflight.headers.get('access-control-allow-headers')).to.equal(
      'content-type,mcp-method',
    );
    const answer = await fetch(served.url, post('legacy', 'ping', {}, { origin }));
    expect(answer.status).to.equal(200);
    expect(answer.headers.get('access-control-allow-origin')).to.equal(origin);
    expect(answer.headers.get('vary')).to.contain('Origin');
  });

  it('lets an allowed origin read a refusal', async () => {
    served = await serveApp({ allowedOrigins: [origin] });
    const answer = await fetch(served.url, { method: 'POST', body: 'x', headers: { origin } });
    expect(answer.status).to.equal(415);
    expect(answer.headers.get('access-control-allow-origin')).to.equal(origin);
  });

  it('allows loopback origins while the server listens on loopback, and only then', async () => {
    const init = post('legacy', 'ping', {}, { origin: 'http://localhost:6274' });
    served = await serveApp({ listensOnLoopback: true });
    expect((await fetch(served.url, init)).status).to.equal(200);
    await served.close();
    served = await serveApp({ listensOnLoopback: false });
    expect((await fetch(served.url, init)).status).to.equal(403);
  });

  it('refuses the preflight of any other origin', async () => {
    served = await serveApp({ allowedOrigins: [origin] });
    const headers = {
      origin: 'https://app.example.evil.test',
      'access-control-request-method': 'POST',
    };
    const preflight = await fetch(served.url, { method: 'OPTIONS', headers });
    expect(preflight.status).to.equal(403);
    expect(preflight.headers.get('access-control-allow-origin')).to.equal(null);
  });
});
