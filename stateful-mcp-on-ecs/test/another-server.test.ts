import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { expect } from 'chai';
import express from 'express';
import { errorHandler } from '../src/http-errors.ts';
import { logRequests } from '../src/request-log.ts';
import { createSessionEndpoint } from '../src/sessions/endpoint.ts';
import { DEFAULT_LIMITS } from '../src/sessions/limits.ts';
import { createMemoryStore } from '../src/sessions/memory-store.ts';
import { connectClient } from './sdk-client.ts';

describe('src/sessions in another server', () => {
  it("serves the SDK's McpServer, which knows the client as if it had met it itself", async () => {
    const logger = { info() {}, error() {} };
    const sessions = createSessionEndpoint({
      logger,
      store: createMemoryStore(DEFAULT_LIMITS),
      limits: DEFAULT_LIMITS,
      owner: randomUUID(),
      createServer() {
        const server = new McpServer({ name: 'another', version: '1.0.0' });
        server.registerTool('ask', { annotations: { idempotentHint: true } }, async () => {
          const { content } = await server.server.elicitInput({
            message: 'Sure?',
            requestedSchema: { type: 'object', properties: { confirm: { type: 'boolean' } } },
          });
          const answer = content?.confirm ? 'yes' : 'no';
          return { content: [{ type: 'text', text: answer }], structuredContent: { answer } };
        });
        server.registerTool('ask-briefly', { annotations: { idempotentHint: true } }, async () => {
          const question = {
            message: 'Now?',
            requestedSchema: { type: 'object' as const, properties: {} },
          };
          await server.server.elicitInput(question, { timeout: 200 });
          return { content: [] };
        });
        return server;
      },
      replaysInitialize: true,
      isRepeatable: () => true,
      draining: new AbortController().signal,
      ending: new AbortController().signal,
    });
    const app = express().use(logRequests(logger)).use(express.json());
    app.post('/mcp', sessions.post).get('/mcp', sessions.get).delete('/mcp', sessions.delete);
    app.use(errorHandler(logger));
    const server = createServer(app).listen(0, '127.0.0.1');
    await once(server, 'listening');
    // `as`: a server that listens on TCP has an address of this kind.
    const { port } = server.address() as AddressInfo;
    const client = await connectClient(new URL(`http://127.0.0.1:${port}/mcp`), {
      ask: () => ({ action: 'accept', content: { confirm: true } }),
    });
    expect((await client.call('ask')).answer).to.equal('yes');
    // A question that is taken back is taken back under the id that the client knows.
    const withdrawn = new Promise((resolve) => {
      client.client.setRequestHandler(ElicitRequestSchema, (_request, { signal }) => {
        signal.addEventListener('abort', resolve);
        return new Promise(() => {});
      });
    });
    expect(await client.failure('ask-briefly')).to.contain('timed out');
    await withdrawn;
    await client.close();
    server.closeAllConnections();
    server.close();
    await sessions.finish();
  });
});
