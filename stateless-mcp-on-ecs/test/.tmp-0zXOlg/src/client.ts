import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import * as z from 'zod';

export interface ClientOptions {
  /** `auto` asks the server what it speaks; the other two insist on one protocol era. */
  readonly era: 'auto' | 'legacy' | 'modern';
  /** How often to call `ping`. */
  readonly calls: number;
  readonly message: string;
}

const MODES = { auto: 'auto', legacy: 'legacy', modern: { pin: '2026-07-28' } } as const;

const pong = z.object({ message: z.string(), servedBy: z.string(), requestCount: z.number() });

/**
 * Connects, lists the tools, calls `ping`, checks every answer and prints what happened.
 * @throws {Error} when the server cannot be reached or answers wrongly
 */
export async function runClient(
  url: URL,
  { era, calls, message }: ClientOptions,
  print: (line: string) => void,
): Promise<void> {
  const client = new Client(
    { name: 'sample-client', version: '1.0.0' },
    { versionNegotiation: { mode: MODES[era] } },
  );
  await client.connect(new StreamableHTTPClientTransport(url));
  try {
    const server = client.getServerVersion();
    print(`Connected to ${server?.name} ${server?.version}`);
    print(`  protocol  ${client.getNegotiatedProtocolVersion()} (--era ${era})`);

    const { tools } = await client.listTools();
    for (const { name, description } of tools) print(`  tool      ${name}: ${description}`);

    for (let call = 1; call <= calls; call += 1) {
      const startedAt = performance.now();
      const result = await client.callTool({ name: 'ping', arguments: { message } });
      const milliseconds = (performance.now() - startedAt).toFixed(1);
      const answer = pong.parse(result.structuredContent);
      if (answer.message !== message) throw new Error(`ping answered "${answer.message}"`);
      const { servedBy, requestCount } = answer;
      print(
        `  ping ${call}    ${servedBy} answered its request ${requestCount} in ${milliseconds} ms`,
      );
    }
  } finally {
    await client.close();
  }
}
