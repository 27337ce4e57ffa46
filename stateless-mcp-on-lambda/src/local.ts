import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { loadConfig } from './config.ts';
import { createLocalGateway } from './local-gateway.ts';
import { createLogger } from './logger.ts';

/** Usage: `tsx src/local.ts [HANDLER_FILE]`; HOST and PORT say where to listen. */
try {
  const { host, port } = loadConfig(process.env, process.pid);
  const handlerFile = pathToFileURL(resolve(process.argv[2] ?? 'src/lambda.ts'));
  const { handler } = await import(handlerFile.href);
  const server = createLocalGateway(handler);
  server.on('error', (error) => {
    console.error(
      `Cannot listen on ${host}:${port} (${error.message}). Set PORT to a free port, or HOST to an address of this machine.`,
    );
    process.exit(1);
  });
  server.listen(port, host, () => {
    const address = server.address();
    const bound = typeof address === 'object' && address !== null ? address.port : port;
    // On stderr, because stdout has the handler's log and nothing else.
    createLogger(process.stderr).info('listening', { url: `http://${host}:${bound}/mcp` });
  });
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
