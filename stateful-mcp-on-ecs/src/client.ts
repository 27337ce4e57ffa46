import { setTimeout as sleep } from 'node:timers/promises';
import { Client, SdkHttpError, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import fetchCookie from 'fetch-cookie';
import * as z from 'zod';

export interface ClientOptions {
  /** `modern` insists on 2026-07-28, which has no sessions: this server then says what it serves. */
  readonly era: 'auto' | 'legacy' | 'modern';
  /** How often to call `ping`. */
  readonly calls: number;
  readonly message: string;
}

const MODES = { auto: 'auto', legacy: 'legacy', modern: { pin: '2026-07-28' } } as const;
const MAX_TRIES = 4;
/** What the server asks for with Retry-After. */
const RETRY_PAUSE_MS = 2000;

const pong = z.object({ message: z.string(), servedBy: z.string(), sessionCalls: z.number() });

/**
 * Opens a session, keeps the balancer's cookie, calls `ping`, checks every answer and prints which
 * task gave it. It starts a new session when the old one is over, and repeats a call that got no
 * answer at all, which it may because `ping` says that it is idempotent.
 * @throws {Error} when the server cannot be reached or answers wrongly
 */
export async function runClient(
  url: URL,
  { era, calls, message }: ClientOptions,
  print: (line: string) => void,
): Promise<void> {
  let client = await connect(url, era);
  try {
    const server = client.getServerVersion();
    print(`Connected to ${server?.name} ${server?.version}`);
    print(`  protocol  ${client.getNegotiatedProtocolVersion()} (--era ${era})`);
    const { tools } = await client.listTools();
    for (const { name, description } of tools) print(`  tool      ${name}: ${description}`);
    const isRepeatable = tools.find(({ name }) => name === 'ping')?.annotations?.idempotentHint;

    for (let call = 1; call <= calls; call += 1) {
      for (let tries = 1; ; tries += 1) {
        try {
          print(`  ping ${call}    ${await ping(client, message)}`);
          break;
        } catch (error) {
          if (tries === MAX_TRIES) throw error;
          if (isOver(error)) {
            await client.close();
            client = await connect(url, era);
            print('  session   the old one is over; began a new one');
          } else if (!isRepeatable || !isUnanswered(error)) throw error;
          else await sleep(RETRY_PAUSE_MS);
        }
      }
    }
    await endSession(client);
  } finally {
    await client.close();
  }
}

async function connect(url: URL, era: ClientOptions['era']): Promise<Client> {
  const client = new Client(
    { name: 'sample-client', version: '1.0.0' },
    { versionNegotiation: { mode: MODES[era] } },
  );
  // The balancer's cookie leads back to the task that answered first. It is a shortcut only.
  await client.connect(new StreamableHTTPClientTransport(url, { fetch: fetchCookie(fetch) }));
  return client;
}

async function ping(client: Client, message: string): Promise<string> {
  const startedAt = performance.now();
  const result = await client.callTool({ name: 'ping', arguments: { message } });
  const milliseconds = (performance.now() - startedAt).toFixed(1);
  const answer = pong.parse(result.structuredContent);
  if (answer.message !== message) throw new Error(`ping answered "${answer.message}"`);
  return `${answer.servedBy} answered call ${answer.sessionCalls} of the session in ${milliseconds} ms`;
}

async function endSession({ transport }: Client): Promise<void> {
  if (transport instanceof StreamableHTTPClientTransport) await transport.terminateSession();
}

/** 404 means that the session is unknown or over. */
function isOver(error: unknown): boolean {
  return error instanceof SdkHttpError && error.status === 404;
}

/** The connection ended without an answer: `fetch` says so with a TypeError. */
function isUnanswered(error: unknown): boolean {
  return (
    error instanceof TypeError || (error instanceof SdkHttpError && (error.status ?? 0) >= 502)
  );
}
