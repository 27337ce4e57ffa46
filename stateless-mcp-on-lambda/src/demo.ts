import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { runClient } from './client.ts';

/** Starts the Lambda handler behind a local API Gateway, and runs a client of each era against it. */
const server = spawn(process.execPath, ['--import', 'tsx', 'src/local.ts'], {
  env: { ...process.env, HOST: '127.0.0.1', PORT: '0' },
  stdio: ['ignore', 'pipe', 'pipe'],
});
const stopped = once(server, 'exit');
const log: string[] = [];
let hasFailed = false;
createInterface(server.stdout).on('line', (line) => log.push(line));

try {
  const url = await endpointOf(server.stderr);
  console.log(`The Lambda handler runs behind a local API Gateway: ${url.href}\n`);
  for (const era of ['legacy', 'modern'] as const) {
    await runClient(url, { era, calls: 2, message: 'hello' }, console.log);
    console.log('');
  }
} catch (error) {
  console.error(`The demo failed: ${error instanceof Error ? error.message : error}`);
  hasFailed = true;
} finally {
  server.kill();
  await stopped;
}
console.log(`What the handler logged, one line a request:\n  ${log.join('\n  ')}`);
if (!hasFailed) console.log('\nAll of it held.');
process.exitCode = hasFailed ? 1 : 0;

/** Resolves to the endpoint that the server prints when it listens. */
async function endpointOf(stderr: NodeJS.ReadableStream): Promise<URL> {
  const lines: string[] = [];
  for await (const line of createInterface(stderr)) {
    const url = /http:[^"]+\/mcp/.exec(line)?.[0];
    if (url !== undefined) return new URL(url);
    lines.push(line);
  }
  throw new Error(`the server did not start: ${lines.join(' ')}`);
}
