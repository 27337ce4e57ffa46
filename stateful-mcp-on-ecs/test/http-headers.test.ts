import { text } from 'node:stream/consumers';
import { expect } from 'chai';
import { createMemoryStore } from '../src/sessions/memory-store.ts';
import { openSession, post, toolCall } from './raw-client.ts';
import { bareRequest, errorIn, refusal } from './refusals.ts';
import { startTask, TEST_LIMITS, type TestTask } from './tasks.ts';

const PING = toolCall(7, 'ping');
const json = { 'content-type': 'application/json' };

describe('headers that do not fit the transport', () => {
  let task: TestTask;
  let session: Record<string, string>;
  before(async () => {
    task = await startTask('A', createMemoryStore(TEST_LIMITS));
    session = await openSession(task.url);
  });
  after(() => task.close());

  for (const [type, needed] of [
    ['text/plain', 'application/json'],
    ['application/x-www-form-urlencoded', 'application/json'],
    ['application/jsonp', 'application/json'],
    ['application/json; charset=latin1', 'UTF-8'],
  ] as const) {
    it(`answers 415 to Content-Type ${type}, and says that it needs ${needed}`, async () => {
      const response = await post(task.url, PING, { ...session, 'content-type': type });
      expect((await refusal(response, 415)).error.message).to.contain(needed);
    });
  }

  it('answers 415 to a POST without a Content-Type', async () => {
    const response = await bareRequest(task.url, 'POST', session, JSON.stringify(PING));
    expect(response.statusCode).to.equal(415);
    expect(errorIn(await text(response)).error.message).to.contain('application/json');
  });

  for (const type of ['application/json; charset=UTF-8', 'Application/JSON']) {
    it(`answers 200 to Content-Type ${type}`, async () => {
      const response = await post(task.url, PING, { ...session, 'content-type': type });
      expect(response.status).to.equal(200);
    });
  }

  it('answers 415 to an unknown Content-Encoding, and 400 to one that the body has not', async () => {
    const encoded = (encoding: string) =>
      post(task.url, PING, { ...session, 'content-encoding': encoding });
    await refusal(await encoded('made-up'), 415);
    await refusal(await encoded('gzip'), 400);
  });

  for (const accept of ['text/event-stream', 'text/html', 'application/json;q=0']) {
    it(`answers 406 to a POST with Accept: ${accept}, which admits no JSON`, async () => {
      await refusal(await post(task.url, PING, { ...session, accept }), 406);
    });
  }

  for (const accept of ['*/*', 'application/*', 'text/event-stream, application/json']) {
    it(`answers 200 to a POST with Accept: ${accept}`, async () => {
      expect((await post(task.url, PING, { ...session, accept })).status).to.equal(200);
    });
  }

  for (const accept of ['application/json', 'text/html', 'text/event-stream;q=0']) {
    it(`answers 406 to a GET with Accept: ${accept}, which admits no stream`, async () => {
      const response = await fetch(task.url, { headers: { ...session, accept } });
      expect((await refusal(response, 406)).error.message).to.contain('text/event-stream');
    });
  }

  for (const accept of ['*/*', 'text/*', 'application/json, text/event-stream']) {
    it(`opens a stream to a GET with Accept: ${accept}`, async () => {
      const response = await fetch(task.url, { headers: { ...session, accept } });
      expect(response.status).to.equal(200);
      expect(response.headers.get('content-type')).to.equal('text/event-stream');
      await response.body?.cancel();
    });
  }

  it('serves clients that send no Accept at all: it means anything', async () => {
    const body = JSON.stringify(PING);
    const posted = await bareRequest(task.url, 'POST', { ...json, ...session }, body);
    expect(posted.statusCode).to.equal(200);
    posted.resume();
    const stream = await bareRequest(task.url, 'GET', session);
    expect(stream.statusCode).to.equal(200);
    stream.destroy();
  });
});
