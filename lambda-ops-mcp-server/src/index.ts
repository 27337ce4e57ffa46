import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import packageJson from '../package.json' with { type: 'json' };
import { createClock } from './clock.ts';
import { createLazyAws } from './lazy-aws.ts';
import { createLogger } from './logger.ts';
import { loadOptions, USAGE } from './options.ts';
import { createRuntimeSource } from './runtimes/source.ts';
import { createServer } from './server.ts';
import { redirectOutput } from './stderr-lines.ts';
import { DEFAULT_SETTLE } from './upgrade/settle.ts';

const { version } = packageJson;
// Node makes process.stderr on its first use; that need not be before the first line.
const logger = createLogger({ write: (line) => process.stderr.write(line) });
redirectOutput(logger);
try {
  const {
    policy,
    isOffline,
    runtimesUrl: url,
    today,
    show,
  } = loadOptions(process.argv.slice(2), process.env);
  if (show !== undefined) {
    process.stderr.write(show === 'help' ? USAGE : `${version}\n`);
  } else {
    const now = createClock(today);
    const runtimes = createRuntimeSource({ isOffline, url, logger, now });
    const aws = createLazyAws();
    const server = createServer({
      version,
      policy,
      logger,
      now,
      aws,
      runtimes,
      settle: DEFAULT_SETTLE,
    });
    server.server.onerror = ({ name }) => logger.error('protocol error', { cause: name });
    await server.connect(new StdioServerTransport());
  }
} catch (error) {
  logger.error('not started', { cause: error instanceof Error ? error.message : typeof error });
  process.exitCode = 2;
}
