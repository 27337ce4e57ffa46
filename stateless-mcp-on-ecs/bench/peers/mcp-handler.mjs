// mcp-handler, which serves both eras, behind the SDK's adapter for Node.js.
import { createServer } from 'node:http';
import { toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler } from 'mcp-handler';
import { annotations, description, input, name, output, run, title } from './ping.mjs';

const config = { title, description, inputSchema: input, outputSchema: output, annotations };
const handler = createMcpHandler((server) => server.registerTool(name, config, run), {
  serverInfo: { name: 'mcp-handler', version: '1.0.0' },
});
const listener = createServer(toNodeHandler({ fetch: handler }));
listener.listen(0, '127.0.0.1', () => {
  console.log(JSON.stringify({ url: `http://127.0.0.1:${listener.address().port}/mcp` }));
});
