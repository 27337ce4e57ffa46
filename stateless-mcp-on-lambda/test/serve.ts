import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { configure } from '@codegenie/serverless-express';
import { type AppDependencies, createApp } from '../src/app.ts';
import { createLocalGateway, type LambdaHandler } from '../src/local-gateway.ts';
import { createLogger } from '../src/logger.ts';
import { tools } from '../src/tools/index.ts';

export interface Served {
  readonly url: URL;
  close(): Promise<void>;
}

/**
 * The deployed handler: from the sources, or from the file that HANDLER_FILE names, so that the same
 * tests judge a built artifact.
 */
export async function loadHandler(): Promise<LambdaHandler> {
  keepLogOutOfReport();
  const file = pathToFileURL(resolve(process.env.HANDLER_FILE ?? 'src/lambda.ts'));
  return (await import(file.href)).handler;
}

/** Serves the sample as it is deployed. */
export async function serveSample(): Promise<Served> {
  return serveHandler(await loadHandler());
}

export const SAMPLE_ENTRY = 'src/lambda.ts';

/** Serves a changed copy of this folder, whose bundle is in its dist/. */
export async function serveCopy(folder: string): Promise<Served> {
  const { handler } = await import(pathToFileURL(join(folder, 'dist/lambda.mjs')).href);
  return serveHandler(handler);
}

/** Puts a handler behind the local API Gateway, on a free port. */
export async function serveHandler(handler: LambdaHandler): Promise<Served> {
  const server = createLocalGateway(handler).listen(0, '127.0.0.1');
  await once(server, 'listening');
  // `as`: a server that listens on TCP has an address of this kind.
  const { port } = server.address() as AddressInfo;
  return {
    url: new URL(`http://127.0.0.1:${port}/mcp`),
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Serves an app of the test's own, and keeps its log lines. */
export async function serveApp(
  changes: Partial<AppDependencies>,
): Promise<Served & { log: Record<string, unknown>[] }> {
  const log: Record<string, unknown>[] = [];
  const app = createApp({
    allowedOrigins: [],
    listensOnLoopback: true,
    servedBy: 'test',
    serverInfo: { name: 'test', title: 'Test', version: '0.0.0' },
    instructions: '',
    logger: createLogger({ write: (line) => log.push(JSON.parse(line)) }),
    tools,
    ...changes,
  });
  // `as`: see lambda.ts.
  const handler = configure({ app }) as unknown as LambdaHandler;
  return { ...(await serveHandler(handler)), log };
}

/** The handler logs to standard output, as on Lambda; between the lines of a report that is noise. */
function keepLogOutOfReport(): void {
  const { write } = process.stdout;
  if (write.name === 'writeReport') return;
  // `as`: of the overloads, the logger and the reporter use the one with a string.
  process.stdout.write = function writeReport(text: string) {
    return text.startsWith('{"timestamp"') || write.call(process.stdout, text);
  } as typeof write;
}
