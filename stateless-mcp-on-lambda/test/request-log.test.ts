import { expect } from 'chai';
import * as z from 'zod';
import { defineTool } from '../src/tools/tool.ts';
import { post } from './requests.ts';
import { serveApp } from './serve.ts';

const failing = defineTool({
  name: 'failing',
  title: 'Failing',
  description: 'Fails.',
  inputSchema: z.object({}),
  outputSchema: z.object({}),
  annotations: {
    readOnlyHint: true,
    destructiveHint: false,
    idempotentHint: true,
    openWorldHint: false,
  },
  run() {
    throw new TypeError('the database is away');
  },
});

describe('what is logged', () => {
  it('is one line per request with id, era, method, tool, status and time', async () => {
    const served = await serveApp({});
    const params = { name: 'ping', arguments: { message: 'secret payload' } };
    const headers = { 'x-request-id': 'req-1', authorization: 'Bearer secret-token' };
    await fetch(served.url, post('modern', 'tools/call', params, headers));
    await served.close();
    expect(served.log).to.have.length(1);
    const { timestamp, milliseconds, ...line } = served.log[0] ?? {};
    expect(line).to.deep.equal({
      level: 'INFO',
      message: 'request',
      requestId: 'req-1',
      era: 'modern',
      mcpMethod: 'tools/call',
      tool: 'ping',
      httpMethod: 'POST',
      route: '/mcp',
      status: 200,
    });
    expect(milliseconds).to.be.a('number');
    expect(Date.parse(String(timestamp))).to.be.a('number');
  });

  it('never holds a payload, a header, a token, a path or a name that is not ours', async () => {
    const served = await serveApp({});
    const secret = 's3cr3t';
    const headers = { authorization: secret, 'x-request-id': `bad id ${secret}`, cookie: secret };
    await fetch(served.url, post('legacy', 'tools/call', { name: secret }, headers));
    await fetch(served.url, post('legacy', secret, { [secret]: secret }, headers));
    await fetch(new URL(`/${secret}?${secret}`, served.url), { headers });
    await fetch(served.url, { ...post('legacy', 'ping', {}, headers), body: `{${secret}` });
    await served.close();
    expect(served.log).to.have.length(4);
    expect(JSON.stringify(served.log)).not.to.contain(secret);
    expect(served.log.map(({ tool, mcpMethod, route }) => [mcpMethod, tool, route])).to.deep.equal([
      ['tools/call', 'unknown', '/mcp'],
      ['unknown', undefined, '/mcp'],
      [undefined, undefined, 'unmatched'],
      [undefined, undefined, '/mcp'],
    ]);
  });

  for (const era of ['legacy', 'modern'] as const) {
    it(`has the cause of a tool that throws, while the model gets a next step (${era})`, async () => {
      const served = await serveApp({ tools: [failing] });
      const response = await fetch(served.url, post(era, 'tools/call', { name: 'failing' }));
      const { result } = z
        .object({ result: z.object({ isError: z.literal(true), content: z.array(z.unknown()) }) })
        .parse(await response.json());
      await served.close();
      expect(JSON.stringify(result)).to.contain('Try once more').and.not.to.contain('database');
      expect(served.log[0]).to.include({
        level: 'ERROR',
        tool: 'failing',
        cause: 'TypeError: the database is away',
      });
    });
  }
});
