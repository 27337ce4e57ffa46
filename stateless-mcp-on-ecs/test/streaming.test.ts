import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { Client as V1Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as V1Transport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { expect } from 'chai';
import * as z from 'zod';
import { defineTool } from '../src/tools/tool.ts';
import { post } from './requests.ts';
import { type Served, serveApp, serveSample } from './serve.ts';

const info = { name: 'test', version: '0.0.0' };
const sse = { accept: 'application/json, text/event-stream' };
const eras = ['legacy', 'modern'] as const;

/** A tool that reports progress once and then runs until it is cancelled; the test sees both. */
function createEndless() {
  let onStart = () => {};
  let onAbort = () => {};
  const started = new Promise<void>((resolve) => {
    onStart = resolve;
  });
  const aborted = new Promise<void>((resolve) => {
    onAbort = resolve;
  });
  const tool = defineTool({
    name: 'endless',
    title: 'Endless',
    description: 'Runs until it is cancelled.',
    inputSchema: z.object({}),
    outputSchema: z.object({}),
    annotations: {
      readOnlyHint: true,
      destructiveHint: false,
      idempotentHint: true,
      openWorldHint: false,
    },
    async run(_input, { signal, reportProgress }) {
      signal.addEventListener('abort', onAbort);
      await reportProgress(1, 2);
      onStart();
      await aborted;
      return {};
    },
  });
  return { tool, started, aborted };
}

describe('streaming', () => {
  let served: Served;
  afterEach(() => served.close());

  for (const mode of ['legacy', { pin: '2026-07-28' }] as const) {
    it(`brings the progress of a call before its result: ${JSON.stringify(mode)}`, async () => {
      served = await serveSample();
      const client = new Client(info, { versionNegotiation: { mode } });
      await client.connect(new StreamableHTTPClientTransport(served.url));
      const seen: number[] = [];
      const params = { name: 'countdown', arguments: { seconds: 2 } };
      const onprogress = ({ progress }: { progress: number }) => seen.push(progress);
      const { structuredContent } = await client.callTool(params, { onprogress });
      expect(seen).to.deep.equal([1, 2]);
      expect(structuredContent).to.deep.equal({ seconds: 2, servedBy: 'test' });
      await client.close();
    });
  }

  for (const era of eras) {
    const params = {
      name: 'countdown',
      arguments: { seconds: 1 },
      ...(era === 'legacy' && { _meta: { progressToken: 'p' } }),
    };

    it(`answers with JSON when no message precedes the answer (${era})`, async () => {
      served = await serveSample();
      const response = await fetch(served.url, post(era, 'tools/call', { name: 'ping' }, sse));
      expect(response.headers.get('content-type')).to.equal('application/json');
    });

    it(`answers with JSON when Accept does not name SSE, and drops the progress (${era})`, async () => {
      served = await serveSample();
      const response = await fetch(served.url, post(era, 'tools/call', params, { accept: '*/*' }));
      expect(response.headers.get('content-type')).to.equal('application/json');
      expect(await response.json()).to.have.nested.property('result.structuredContent.seconds', 1);
    });

    it(`stops a tool when its client goes away (${era})`, async () => {
      const endless = createEndless();
      served = await serveApp({ tools: [endless.tool] });
      const aborter = new AbortController();
      const init = post(era, 'tools/call', { name: 'endless' }, sse);
      const request = fetch(served.url, { ...init, signal: aborter.signal }).catch(() => {});
      await endless.started;
      aborter.abort();
      await endless.aborted;
      await request;
    });
  }

  it('drops what a tool says after its answer', async () => {
    const { tool } = createEndless();
    const late = defineTool({
      ...tool,
      async run(_input, { reportProgress }) {
        void (async () => {
          // Within the turn of the event loop in which the call is answered.
          for (let tick = 0; tick < 500; tick += 1) await undefined;
          await reportProgress(1, 2);
        })();
        return {};
      },
    });
    served = await serveApp({ tools: [late] });
    const params = { name: 'endless', _meta: { progressToken: 'p' } };
    const response = await fetch(served.url, post('legacy', 'tools/call', params, sse));
    expect(response.headers.get('content-type')).to.equal('application/json');
    expect(await response.text()).to.contain('"structuredContent":{}');
  });

  it('stops a tool when a v1 client cancels the call', async () => {
    const endless = createEndless();
    served = await serveApp({ tools: [endless.tool] });
    const client = new V1Client(info);
    const transport = new V1Transport(served.url);
    await client.connect(transport);
    const aborter = new AbortController();
    const call = client.callTool({ name: 'endless' }, undefined, { signal: aborter.signal });
    await endless.started;
    aborter.abort('enough');
    // A v1 client sends a notification that no stateless server can relate to the call, and then
    // leaves: closing is what reaches the tool.
    await client.close();
    await endless.aborted;
    await call.catch(() => {});
  });

  it('stops a tool when a modern client cancels the call', async () => {
    const endless = createEndless();
    served = await serveApp({ tools: [endless.tool] });
    const client = new Client(info, { versionNegotiation: { mode: { pin: '2026-07-28' } } });
    await client.connect(new StreamableHTTPClientTransport(served.url));
    const aborter = new AbortController();
    const call = client.callTool({ name: 'endless' }, { signal: aborter.signal }).catch(() => {});
    await endless.started;
    aborter.abort('enough');
    await endless.aborted;
    await call;
    await client.close();
  });

  it('ends calls that outlast the stop with an error, as JSON and as a stream', async () => {
    const endless = createEndless();
    const app = await serveApp({ tools: [endless.tool] });
    served = app;
    const params = { name: 'endless', _meta: { progressToken: 1 } };
    const asStream = await fetch(app.url, post('legacy', 'tools/call', params, sse));
    const asJson = fetch(app.url, post('legacy', 'tools/call', params));
    await endless.started;
    app.ending.abort();
    expect(await asStream.text()).to.match(/notifications\/progress(.|\n)*task is stopping/);
    const response = await asJson;
    expect(response.status).to.equal(503);
    expect(await response.json())
      .to.have.nested.property('error.message')
      .that.contains('stopping');
  });
});
