import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import {
  type CallToolResult,
  CallToolResultSchema,
  ElicitRequestSchema,
} from '@modelcontextprotocol/sdk/types.js';
import type * as z from 'zod';
import { MAX_ANSWER_BYTES } from '../src/answer-size.ts';
import { createAws } from '../src/aws/aws.ts';
import { emulatedEnvironment } from '../src/demo/emulated-environment.ts';
import { type Emulator, type EmulatorSeed, startEmulator } from '../src/demo/emulator/emulator.ts';
import { createLogger } from '../src/logger.ts';
import type { WritePolicy } from '../src/policy/write-policy.ts';
import { createRuntimeSource } from '../src/runtimes/source.ts';
import { createServer } from '../src/server.ts';

/** The day on which the tests judge runtimes. */
export const TODAY = '2026-11-22';

export interface HarnessOptions {
  readonly seed?: EmulatorSeed;
  readonly policy?: Partial<WritePolicy>;
  /** How the person answers when asked; undefined for a client that cannot ask. */
  readonly person?: (question: string) => 'accept' | 'decline' | 'cancel';
  readonly runtimesUrl?: string;
  readonly deadlineMs?: number;
}

interface NamedTool<Output extends z.ZodObject = z.ZodObject> {
  readonly name: string;
  readonly outputSchema: Output;
}

export interface Harness {
  readonly client: Client;
  readonly emulator: Emulator;
  /** Everything that was logged, as text. */
  readonly log: string[];
  /** Moves the clock forward, in milliseconds. */
  wait(ms: number): void;
  setToday(day: string): void;
  /** Calls a tool that has to succeed; returns its structured part with its text. */
  ok<Output extends z.ZodObject>(
    tool: NamedTool<Output>,
    args?: Record<string, unknown>,
  ): Promise<z.output<Output> & { text: string }>;
  /** Calls a tool that has to refuse; returns what the model reads. */
  refused(tool: NamedTool, args?: Record<string, unknown>): Promise<string>;
  call(tool: NamedTool, args?: Record<string, unknown>): Promise<CallToolResult>;
  close(): Promise<void>;
}

const open: Harness[] = [];

/** A real client on the real server, in memory, with the real AWS SDK on an emulated account. */
export async function startHarness(options: HarnessOptions = {}): Promise<Harness> {
  const emulator = await startEmulator(options.seed ?? { regions: { 'eu-west-1': [] } });
  Object.assign(process.env, emulatedEnvironment(emulator.url));
  const log: string[] = [];
  const logger = createLogger({ write: (line) => log.push(line) });
  let time = Date.parse(`${TODAY}T12:00:00Z`);
  const now = () => new Date(time);
  const aws = createAws();
  const server = createServer({
    version: '1.0.0',
    policy: {
      ...{ allowsWrites: true, asksForConfirmation: true },
      ...{ allowFunctions: [], denyFunctions: [], regions: [] },
      ...options.policy,
    },
    settle: { pollMs: 1, deadlineMs: options.deadlineMs ?? 10_000 },
    logger,
    now,
    aws: async () => aws,
    runtimes: createRuntimeSource({
      isOffline: options.runtimesUrl === undefined,
      url: options.runtimesUrl,
      logger,
      now,
    }),
  });
  const client = await connect(server, options.person);

  async function call(
    { name }: NamedTool,
    args: Record<string, unknown> = {},
  ): Promise<CallToolResult> {
    const result = CallToolResultSchema.parse(await client.callTool({ name, arguments: args }));
    const bytes = Buffer.byteLength(JSON.stringify(result));
    if (bytes > MAX_ANSWER_BYTES) throw new Error(`${name} answered ${bytes} bytes`);
    return result;
  }
  const harness: Harness = {
    ...{ client, emulator, log, call },
    wait: (ms) => {
      time += ms;
    },
    setToday: (day) => {
      time = Date.parse(`${day}T12:00:00Z`);
    },
    async ok(tool, args) {
      const result = await call(tool, args);
      if (result.isError === true) throw new Error(`${tool.name} failed: ${textOf(result)}`);
      return { ...tool.outputSchema.parse(result.structuredContent), text: textOf(result) };
    },
    async refused(tool, args) {
      const result = await call(tool, args);
      if (result.isError !== true)
        throw new Error(`${tool.name} did not refuse: ${textOf(result)}`);
      return textOf(result);
    },
    async close() {
      await client.close();
      await emulator.close();
    },
  };
  open.push(harness);
  return harness;
}

/** For `afterEach`: stops everything that a test has started, whether it passed or not. */
export async function closeHarnesses(): Promise<void> {
  await Promise.all(open.splice(0).map((harness) => harness.close()));
}

function textOf(result: CallToolResult): string {
  const [content] = result.content;
  return content?.type === 'text' ? content.text : '';
}

async function connect(
  server: ReturnType<typeof createServer>,
  person: HarnessOptions['person'],
): Promise<Client> {
  const capabilities = person === undefined ? {} : { elicitation: {} };
  const client = new Client({ name: 'test', version: '1.0.0' }, { capabilities });
  if (person !== undefined) {
    client.setRequestHandler(ElicitRequestSchema, ({ params }) => ({
      action: person(params.message),
      content: {},
    }));
  }
  const [clientSide, serverSide] = InMemoryTransport.createLinkedPair();
  await Promise.all([server.connect(serverSide), client.connect(clientSide)]);
  return client;
}
