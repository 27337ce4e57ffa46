import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { ElicitRequestSchema, type ElicitResult } from '@modelcontextprotocol/sdk/types.js';
import * as z from 'zod';

const toolResult = z.object({
  isError: z.boolean().optional(),
  content: z.array(z.object({ text: z.string() })),
  structuredContent: z.record(z.string(), z.unknown()).optional(),
});

/** What a tool of this sample may answer with. */
const anything = z.object({
  servedBy: z.string().default(''),
  message: z.string().default(''),
  sessionCalls: z.number().default(0),
  seconds: z.number().default(0),
  id: z.string().default(''),
  count: z.number().default(0),
  cleared: z.number().default(0),
  answer: z.string().default(''),
  notes: z.array(z.object({ id: z.string(), text: z.string(), servedBy: z.string() })).default([]),
});
export type Answer = z.infer<typeof anything>;

export interface TestClient {
  readonly client: Client;
  readonly sessionId: string;
  /** Notifications that came on no call's behalf. */
  readonly notifications: string[];
  call(name: string, args?: object, options?: CallOptions): Promise<Answer>;
  /** The text of a call that must fail. */
  failure(name: string, args?: object): Promise<string>;
  close(): Promise<void>;
}

export interface CallOptions {
  readonly onprogress?: (progress: number) => void;
  readonly signal?: AbortSignal;
  readonly timeout?: number;
}

type Ask = (question: string) => ElicitResult | Promise<ElicitResult>;

/** The SDK's v1 client with its default options. `ask` is the user; without it there is none. */
export async function connectClient(
  url: URL,
  { fetch, ask }: { fetch?: typeof globalThis.fetch; ask?: Ask } = {},
): Promise<TestClient> {
  const capabilities = ask ? { elicitation: {} } : {};
  const client = new Client({ name: 'test', version: '0.0.0' }, { capabilities });
  const notifications: string[] = [];
  client.fallbackNotificationHandler = async (notification) => {
    notifications.push(notification.method);
  };
  if (ask) {
    client.setRequestHandler(ElicitRequestSchema, ({ params }) => ask(params.message));
  }
  const transport = new StreamableHTTPClientTransport(url, fetch ? { fetch } : {});
  // `as`: the SDK's own types do not agree under exactOptionalPropertyTypes.
  await client.connect(transport as Parameters<Client['connect']>[0]);

  async function callTool(name: string, args: object, { onprogress, ...rest }: CallOptions) {
    const params = { name, arguments: { ...args } };
    const options = {
      ...rest,
      ...(onprogress && {
        onprogress: (update: { progress: number }) => onprogress(update.progress),
      }),
    };
    return toolResult.parse(await client.callTool(params, undefined, options));
  }
  return {
    client,
    get sessionId() {
      return transport.sessionId ?? '';
    },
    notifications,
    async call(name, args = {}, options = {}) {
      const { isError, content, structuredContent } = await callTool(name, args, options);
      if (isError) throw new Error(`${name} failed: ${content[0]?.text}`);
      return anything.parse(structuredContent);
    },
    async failure(name, args = {}) {
      const { isError, content } = await callTool(name, args, {});
      if (!isError) throw new Error(`${name} did not fail.`);
      return content[0]?.text ?? '';
    },
    close: () => client.close(),
  };
}
