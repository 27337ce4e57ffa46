import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import type { RuntimeTable } from '../runtimes/table.ts';

/** The runtimes table as a resource, so that a person can attach it to a conversation. */
export function registerRuntimesTable(
  server: McpServer,
  runtimes: () => Promise<RuntimeTable>,
): void {
  server.registerResource(
    'lambda-runtimes',
    'lambda-runtimes://table',
    {
      title: 'AWS Lambda runtimes',
      description: 'Deprecation and block dates of every Lambda runtime, with their source.',
      mimeType: 'application/json',
    },
    async (uri) => ({
      contents: [
        {
          uri: uri.href,
          mimeType: 'application/json',
          text: JSON.stringify(await runtimes()),
        },
      ],
    }),
  );
}
