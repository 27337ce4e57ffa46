import { format } from 'node:util';
import type { Logger } from './logger.ts';
import { errorFields } from './tools/run-tool.ts';

/**
 * Turns everything that anyone in this process prints into JSON lines on stderr: Node's and the AWS
 * SDK's warnings, console calls of any package, and a crash. stdout belongs to the protocol.
 */
export function redirectOutput(logger: Logger): void {
  process.removeAllListeners('warning');
  process.on('warning', ({ name, message }) => logger.info('warning', { name, text: message }));
  for (const method of ['debug', 'log', 'info', 'warn', 'error'] as const) {
    console[method] = (...parts: unknown[]) => logger.info('console', { text: format(...parts) });
  }
  process.on('uncaughtException', (error) => {
    logger.error('crashed', errorFields(error));
    process.exit(1);
  });
}
