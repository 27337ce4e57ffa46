import { text } from 'node:stream/consumers';
import { expect } from 'chai';
import type { AppDependencies } from '../src/app.ts';
import { createMemoryStore } from '../src/sessions/memory-store.ts';
import { INITIALIZE, openSession, post, toolCall } from './raw-client.ts';
import { bareRequest, errorIn, refusal } from './refusals.ts';
import { startTask, TEST_LIMITS, type TestTask } from './tasks.ts';

const origin = 'https://app.example';
const json = { 'content-type': 'application/json', accept: 'application/json' };
const PREFLIGHT = {
  'access-control-request-method': 'DELETE',
  'access-control-request-headers':
    'content-type,mcp-session-id,mcp-protocol-version,last-event-id',
};

describe('browsers', () => {
  let task: TestTask;
  const serve = async (changes: Partial<AppDependencies>) => {
    task = await startTask('A', createMemoryStore(TEST_LIMITS), changes);
  };
  afterEach(() => task.close());

  it('get a preflight answer for an allowed origin, with the methods and headers of sessions', async () => {
    await serve({ allowedOrigins: [origin] });
    const headers = { origin, ...PREFLIGHT };
    const preflight = await fetch(task.url, { method: 'OPTIONS', headers });
    expect(preflight.status).to.equal(204);
    const answered = (name: string) => preflight.headers.get(`access-control-${name}`);
    expect(answered('allow-origin')).to.equal(origin);
    expect(answered('allow-methods')).to.equal('GET,POST,DELETE');
    expect(answered('allow-headers')).to.equal(PREFLIGHT['access-control-request-headers']);
    expect(answered('max-age')).to.equal('3600');
  });

  it('may read the session id, answers, streams and refusals from an allowed origin', async () => {
    await serve({ allowedOrigins: [origin] });
    const opened = await post(task.url, INITIALIZE, { origin });
    const session = { origin, 'mcp-session-id': opened.headers.get('mcp-session-id') ?? '' };
    const stream = await fetch(task.url, { headers: session });
    const responses = {
      initialize: [opened, 200],
      call: [await post(task.url, toolCall(1, 'ping'), session), 200],
      stream: [stream, 200],
      refusal: [await fetch(task.url, { method: 'POST', body: 'x', headers: { origin } }), 415],
      delete: [await fetch(task.url, { method: 'DELETE', headers: session }), 204],
    } as const;
    for (const [what, [{ status, headers }, expected]] of Object.entries(responses)) {
      expect(status, what).to.equal(expected);
      expect(headers.get('access-control-allow-origin'), what).to.equal(origin);
      expect(headers.get('access-control-expose-headers'), what).to.contain('Mcp-Session-Id');
      expect(headers.get('vary'), what).to.contain('Origin');
    }
    await stream.text();
  });

  for (const foreign of ['https://app.example.evil.test', 'http://app.example', 'null', '']) {
    it(`are refused with 403 from the foreign origin "${foreign}", whatever they ask`, async () => {
      await serve({ allowedOrigins: [origin] });
      const session = await openSession(task.url);
      const body = JSON.stringify(toolCall(1, 'ping'));
      for (const method of ['OPTIONS', 'POST', 'GET', 'DELETE']) {
        const headers = { origin: foreign, ...json, ...session, ...PREFLIGHT };
        const response = await bareRequest(
          task.url,
          method,
          headers,
          method === 'POST' ? body : '',
        );
        expect(response.statusCode, method).to.equal(403);
        expect(response.headers, method).not.to.have.property('access-control-allow-origin');
        expect(errorIn(await text(response)).error.message).to.contain('ALLOWED_ORIGINS');
      }
      const spared = await post(task.url, toolCall(1, 'ping'), session);
      expect(spared.status, 'the session is still there').to.equal(200);
    });
  }

  it('may come from loopback while the server listens on loopback, and only then', async () => {
    const headers = { origin: 'http://localhost:6274' };
    await serve({ listensOnLoopback: true });
    expect((await post(task.url, INITIALIZE, headers)).status).to.equal(200);
    await task.close();
    await serve({ listensOnLoopback: false });
    await refusal(await post(task.url, INITIALIZE, headers), 403);
  });

  it('are refused with 403 under a name that only resolves to loopback', async () => {
    await serve({});
    const statusFor = async (host: string) => {
      const response = await bareRequest(
        task.url,
        'POST',
        { ...json, host },
        JSON.stringify(INITIALIZE),
      );
      const body = await text(response);
      if (response.statusCode === 403) expect(errorIn(body).error.message).to.contain('Host');
      return response.statusCode;
    };
    for (const host of ['evil.example', 'localhost.evil.example', '127.0.0.1.evil.example']) {
      expect(await statusFor(host), host).to.equal(403);
    }
    for (const host of ['localhost', 'localhost:3000', '127.0.0.1:80', '[::1]:3000']) {
      expect(await statusFor(host), host).to.equal(200);
    }
    await task.close();
    await serve({ listensOnLoopback: false });
    expect(await statusFor('mcp.example.com'), 'behind a balancer').to.equal(200);
  });

  it('and balancers may ask for /health under any name and origin', async () => {
    await serve({});
    const health = new URL('/health', task.url);
    const response = await bareRequest(health, 'GET', { host: 'evil.example', origin: 'null' });
    expect(response.statusCode).to.equal(200);
    response.resume();
  });
});
