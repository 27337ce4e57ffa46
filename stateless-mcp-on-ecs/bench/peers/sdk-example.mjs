// The pattern of the SDK's own example, simpleStatelessStreamableHttp: a server and a transport for
// each request.
import { createMcpExpressApp } from '@modelcontextprotocol/sdk/server/express.js';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { annotations, description, input, name, output, run, title } from './ping.mjs';

function getServer() {
  const server = new McpServer({ name: 'sdk-example', version: '1.0.0' });
  const config = { title, description, inputSchema: input, outputSchema: output, annotations };
  server.registerTool(name, config, run);
  return server;
}

const app = createMcpExpressApp();
app.post('/mcp', async (req, res) => {
  const server = getServer();
  const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: undefined });
  await server.connect(transport);
  await transport.handleRequest(req, res, req.body);
  res.on('close', () => {
    transport.close();
    server.close();
  });
});
const listener = app.listen(0, '127.0.0.1', () => {
  console.log(JSON.stringify({ url: `http://127.0.0.1:${listener.address().port}/mcp` }));
});
