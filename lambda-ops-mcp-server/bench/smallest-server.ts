import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';

/** The floor for start-up: the same SDK and transport, and nothing else. */
const server = new McpServer({ name: 'smallest', version: '1.0.0' });
await server.connect(new StdioServerTransport());
