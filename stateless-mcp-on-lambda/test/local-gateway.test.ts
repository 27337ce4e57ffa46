import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { expect } from 'chai';
import type { LambdaHandler } from '../src/local-gateway.ts';
import { post } from './requests.ts';
import { loadHandler, type Served, serveHandler } from './serve.ts';

describe('the local API Gateway', () => {
  let served: Served;
  let events: APIGatewayProxyEventV2[];
  afterEach(() => served.close());

  async function record(answer: Awaited<ReturnType<LambdaHandler>> = { statusCode: 200 }) {
    events = [];
    served = await serveHandler(async (event) => {
      events.push(event);
      return answer;
    });
  }

  it('builds events of payload format 2.0', async () => {
    await record();
    const headers = { cookie: 'a=1; b=2', 'x-twice': 'one', 'content-type': 'application/json' };
    await fetch(new URL('/mcp?q=a%20b&q=c', served.url), {
      method: 'POST',
      headers,
      body: '{"é":1}',
    });
    const [event] = events;
    expect(event).to.include({
      version: '2.0',
      rawPath: '/mcp',
      rawQueryString: 'q=a%20b&q=c',
      body: '{"é":1}',
      isBase64Encoded: false,
    });
    expect(event?.cookies).to.deep.equal(['a=1', 'b=2']);
    expect(event?.headers).to.include({ 'x-twice': 'one' }).and.not.to.have.property('cookie');
    expect(event?.requestContext.http).to.include({ method: 'POST', path: '/mcp' });
  });

  it('sends binary bodies in base64, as API Gateway does', async () => {
    await record();
    const headers = { 'content-type': 'application/octet-stream' };
    await fetch(served.url, { method: 'POST', headers, body: Buffer.from([0, 255]) });
    expect(events[0]).to.include({ isBase64Encoded: true, body: 'AP8=' });
  });

  it('returns status, headers, cookies and a base64 body', async () => {
    await record({
      statusCode: 201,
      headers: { 'x-one': '1' },
      cookies: ['a=1', 'b=2'],
      body: 'aGk=',
      isBase64Encoded: true,
    });
    const response = await fetch(served.url);
    expect(response.status).to.equal(201);
    expect(response.headers.get('x-one')).to.equal('1');
    expect(response.headers.getSetCookie()).to.deep.equal(['a=1', 'b=2']);
    expect(await response.text()).to.equal('hi');
  });

  it('answers 413 by itself to a payload above 10 MB', async () => {
    await record();
    const response = await fetch(served.url, { method: 'POST', body: Buffer.alloc(10_485_761) });
    expect(response.status).to.equal(413);
    expect(events).to.have.length(0);
  });

  it('answers 500 without the cause when the handler fails', async () => {
    served = await serveHandler(async () => {
      throw new Error('secret cause');
    });
    const { error } = console;
    console.error = () => {};
    const response = await fetch(served.url).finally(() => {
      console.error = error;
    });
    expect(response.status).to.equal(500);
    expect(await response.json()).to.deep.equal({ message: 'Internal Server Error' });
  });

  it('brings a base64 body and cookies to the MCP server intact', async () => {
    const handler = await loadHandler();
    served = await serveHandler((event, context) => {
      const body = Buffer.from(event.body ?? '').toString('base64');
      return handler({ ...event, body, isBase64Encoded: true, cookies: ['a=1', 'b=2'] }, context);
    });
    const params = { name: 'ping', arguments: { message: 'grüße 🚀' } };
    const response = await fetch(served.url, post('modern', 'tools/call', params));
    expect(await response.text()).to.contain('"message":"grüße 🚀"');
  });
});
