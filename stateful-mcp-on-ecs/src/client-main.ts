import { parseArgs } from 'node:util';
import * as z from 'zod';
import { type ClientOptions, runClient } from './client.ts';

const USAGE = `Usage: npm run client -- URL [--era auto|legacy|modern] [--calls N] [--message TEXT]

  URL        the MCP endpoint, for example http://127.0.0.1:3000/mcp
  --era      auto asks the server which protocol it speaks (default), legacy stays with
             2025-11-25, modern insists on 2026-07-28
  --calls    how often to call ping, 1 to 10000 (default 3)
  --message  what to send (default hello)`;

const clientOptions = z.object({
  era: z.enum(['auto', 'legacy', 'modern'], 'choose auto, legacy or modern').default('auto'),
  calls: z.coerce.number('give a whole number from 1 to 10000').int().min(1).max(10_000).default(3),
  message: z.string().default('hello'),
});

const parsed = readArguments(process.argv.slice(2));
if ('problem' in parsed) {
  console.error(`${parsed.problem}\n\n${USAGE}`);
  process.exitCode = 2;
} else {
  try {
    await runClient(parsed.url, parsed, console.log);
  } catch (error) {
    console.error(`Failed: ${describe(error)}\nIs an MCP server at ${parsed.url.href}?`);
    process.exitCode = 1;
  }
}

function readArguments(args: string[]): (ClientOptions & { url: URL }) | { problem: string } {
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { era: { type: 'string' }, calls: { type: 'string' }, message: { type: 'string' } },
    });
    const [url = ''] = positionals;
    if (!/^https?:/.test(url) || !URL.canParse(url)) {
      return { problem: 'Give the URL of the MCP endpoint, with http:// or https://.' };
    }
    const options = clientOptions.safeParse(values);
    if (options.success) return { ...options.data, url: new URL(url) };
    const problems = options.error.issues.map(
      ({ path, message }) => `--${path.join('.')}: ${message}`,
    );
    return { problem: problems.join('\n') };
  } catch (error) {
    return { problem: describe(error) };
  }
}

/** An error with its causes: fetch hides "connection refused" one level down. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message}: ${describe(error.cause)}`;
}
