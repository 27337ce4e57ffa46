// fastmcp in its stateless mode.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { FastMCP } from 'fastmcp';
import { annotations, description, input, name, output, run, title } from './ping.mjs';

// It does not tell which port it took when given 0, so it gets one that is free just now.
const probe = createServer().listen(0, '127.0.0.1');
await once(probe, 'listening');
const { port } = probe.address();
probe.close();
await once(probe, 'close');

const server = new FastMCP({ name: 'fastmcp', version: '1.0.0' });
server.addTool({
  name,
  description,
  parameters: input,
  outputSchema: output,
  annotations: { title, ...annotations },
  execute: async (args) => run(args),
});
await server.start({
  transportType: 'httpStream',
  httpStream: { port, host: '127.0.0.1', stateless: true, enableJsonResponse: true },
});
console.log(JSON.stringify({ url: `http://127.0.0.1:${port}/mcp` }));
