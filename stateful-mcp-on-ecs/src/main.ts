import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import packageJson from '../package.json' with { type: 'json' };
import { createApp } from './app.ts';
import { loadConfig } from './config.ts';
import { drain } from './drain.ts';
import { HTTP_TIMEOUTS } from './http-timeouts.ts';
import { causeFields, createLogger } from './logger.ts';
import { limitsOf, openStore } from './session-store.ts';
import { readTaskId } from './task-id.ts';
import { tools } from './tools/index.ts';

/** How long before its deadline a stopping task gives its calls away. */
const HANDOVER_MS = 2000;

const logger = createLogger(process.stdout);
const stop = { draining: new AbortController(), ending: new AbortController() };
const config = readConfig();
const limits = limitsOf(config);
let taskId = `local-${process.pid}`;
// Not awaited: a task serves under its local name until ECS has told the real one.
void readTaskId(config.metadataUrl).then((id = taskId) => {
  taskId = id;
});

const { app, sessions } = createApp({
  ...config,
  logger,
  limits,
  store: await openStore(config.sessionsTableName, limits),
  owner: randomUUID(),
  serverInfo: {
    name: packageJson.name,
    title: 'Stateful MCP on ECS',
    version: packageJson.version,
  },
  instructions:
    'A sample server with sessions. `ping` says which task answers; `add-note` keeps notes for this session.',
  tools,
  get servedBy() {
    return taskId;
  },
  draining: stop.draining.signal,
  ending: stop.ending.signal,
});

const server = createServer(HTTP_TIMEOUTS, app);
server.on('error', (error) => {
  console.error(
    `Cannot listen on ${config.host}:${config.port} (${error.message}). Set PORT to a free port, or HOST to an address of this machine.`,
  );
  process.exit(1);
});
server.listen(config.port, config.host, () => {
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : config.port;
  logger.info('listening', { url: `http://${config.host}:${port}/mcp` });
});

for (const signal of ['SIGTERM', 'SIGINT'] as const)
  process.on(signal, () => void shutDown(signal));
for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
  process.on(event, (error) => {
    logger.error(event, causeFields(error));
    process.exit(1);
  });
}

async function shutDown(signal: 'SIGTERM' | 'SIGINT'): Promise<void> {
  if (stop.draining.signal.aborted) process.exit(1);
  logger.info('draining', { signal });
  // SIGINT comes from a person at a terminal: there is no balancer to wait for.
  const graceMs = signal === 'SIGINT' ? 0 : config.drainGraceMs;
  const timeoutMs = config.drainTimeoutMs;
  setTimeout(() => stop.ending.abort(), Math.max(0, timeoutMs - HANDOVER_MS));
  await drain(server, stop, { graceMs, timeoutMs });
  // A call can outlast its connection: its client follows it through another task.
  await sessions.finish();
  logger.info('stopped');
  process.exit(0);
}

function readConfig() {
  try {
    return loadConfig(process.env);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  }
}
