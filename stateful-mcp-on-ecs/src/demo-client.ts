import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import fetchCookie from 'fetch-cookie';
import * as z from 'zod';

const answer = z.object({
  servedBy: z.string().default(''),
  sessionCalls: z.number().default(0),
  cleared: z.number().default(0),
  notes: z.array(z.object({ text: z.string(), servedBy: z.string() })).default([]),
});

export interface DemoClient {
  readonly client: Client;
  readonly transport: StreamableHTTPClientTransport;
  readonly questions: string[];
  /** Whether the balancer's cookie is kept. */
  keepsCookie: boolean;
  call(
    name: string,
    args?: Record<string, unknown>,
    onprogress?: (progress: number) => void,
  ): Promise<z.output<typeof answer>>;
}

/** The SDK's client with its default options, and a user who says yes. */
export async function connectDemoClient(url: URL): Promise<DemoClient> {
  const fetchWithCookie = fetchCookie(fetch);
  const client = new Client(
    { name: 'demo', version: '1.0.0' },
    { capabilities: { elicitation: {} } },
  );
  const questions: string[] = [];
  client.setRequestHandler(ElicitRequestSchema, ({ params }) => {
    questions.push(params.message);
    return { action: 'accept', content: { confirm: true } };
  });
  const transport = new StreamableHTTPClientTransport(url, {
    fetch: (input, init) => (demo.keepsCookie ? fetchWithCookie(input, init) : fetch(input, init)),
  });
  const demo: DemoClient = {
    client,
    transport,
    questions,
    keepsCookie: true,
    async call(name, args = {}, onprogress = () => {}) {
      const result = await client.callTool({ name, arguments: args }, undefined, {
        onprogress: ({ progress }) => onprogress(progress),
      });
      return answer.parse(result.structuredContent);
    },
  };
  // `as`: the SDK's own types do not agree under exactOptionalPropertyTypes.
  await client.connect(transport as Parameters<Client['connect']>[0]);
  return demo;
}
