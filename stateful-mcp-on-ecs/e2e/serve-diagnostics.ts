import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import express from 'express';
import * as z from 'zod';
import { createLocalClient, createSessionsTable, startLocalDynamo } from '../src/local-dynamo.ts';
import { logRequests } from '../src/request-log.ts';
import { documentClient } from '../src/sessions/dynamo-client.ts';
import { createDynamoStore } from '../src/sessions/dynamo-store.ts';
import { createSessionEndpoint } from '../src/sessions/endpoint.ts';
import { DEFAULT_LIMITS } from '../src/sessions/limits.ts';
import { startHaproxy } from './haproxy.ts';

/**
 * The tools that the MCP conformance suite calls, as the SDK's McpServer has them, on src/sessions:
 * three servers behind HAProxy, without cookies, until this process is told to end.
 */
const dynamo = await startLocalDynamo();
const client = createLocalClient(dynamo.endpoint);
await createSessionsTable(client, 'sessions');
const store = createDynamoStore(documentClient(client), 'sessions', DEFAULT_LIMITS);
const servers = await Promise.all([serve(), serve(), serve()]);
const balancer = await startHaproxy(servers.map(urlOf));
console.log(balancer.url.href);
await once(process, 'SIGTERM');
await balancer.stop();
process.exit(0);

async function serve(): Promise<Server> {
  const logger = { info() {}, error: console.error };
  const sessions = createSessionEndpoint({
    logger,
    store,
    limits: DEFAULT_LIMITS,
    owner: randomUUID(),
    createServer: diagnosticServer,
    replaysInitialize: true,
    isRepeatable: () => true,
    draining: new AbortController().signal,
    ending: new AbortController().signal,
  });
  const app = express().use(logRequests(logger)).use(express.json());
  app.get('/health', (_req, res) => void res.json({}));
  app.post('/mcp', sessions.post).get('/mcp', sessions.get).delete('/mcp', sessions.delete);
  const server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

function diagnosticServer(): McpServer {
  const server = new McpServer({ name: 'diagnostics', version: '1.0.0' });
  const said = (text: string) => ({ content: [{ type: 'text' as const, text }] });

  server.registerTool('test_tool_with_progress', {}, async ({ _meta, sendNotification }) => {
    for (const progress of [0, 50, 100]) {
      if (_meta?.progressToken !== undefined) {
        const params = { progressToken: _meta.progressToken, progress, total: 100 };
        await sendNotification({ method: 'notifications/progress', params });
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return said('done');
  });
  server.registerTool(
    'test_elicitation',
    { inputSchema: { message: z.string() } },
    async ({ message }) => {
      const properties = { username: { type: 'string' }, email: { type: 'string' } } as const;
      const requestedSchema = { type: 'object', properties } as const;
      const answer = await server.server.elicitInput({ message, requestedSchema });
      return said(JSON.stringify(answer));
    },
  );
  server.registerTool(
    'test_sampling',
    { inputSchema: { prompt: z.string() } },
    async ({ prompt }) => {
      const messages = [{ role: 'user', content: { type: 'text', text: prompt } } as const];
      const answer = await server.server.createMessage({ messages, maxTokens: 100 });
      return said(JSON.stringify(answer.content));
    },
  );
  server.registerTool('test_error_handling', {}, () => {
    throw new Error('This tool intentionally returns an error for testing');
  });
  return server;
}

function urlOf(server: Server): URL {
  // `as`: a server that listens on TCP has an address of this kind.
  const { port } = server.address() as AddressInfo;
  return new URL(`http://127.0.0.1:${port}/mcp`);
}
