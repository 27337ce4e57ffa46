import type { FunctionSeed } from '../src/demo/emulator/account.ts';
import { startEmulator } from '../src/demo/emulator/emulator.ts';
import { LATENCY_MS, regionSizes, VERSIONS_PER_FUNCTION } from './fleet.ts';

/** The emulated account in a process of its own, so that it does not share the server's CPU time. */
const runtimes = ['nodejs24.x', 'python3.14', 'nodejs20.x', 'java21', 'python3.9', 'nodejs22.x'];
const versions = Array.from({ length: VERSIONS_PER_FUNCTION }, (_, index) =>
  index % 2 === 0 ? 'nodejs16.x' : 'nodejs22.x',
);

const regions: Record<string, FunctionSeed[]> = {};
for (const [region, size] of Object.entries(regionSizes(process.argv[2] === 'even'))) {
  regions[region] = Array.from({ length: size }, (_, index) => ({
    name: `fleet-function-${String(index).padStart(5, '0')}`,
    runtime: runtimes[index % runtimes.length] ?? 'nodejs24.x',
    environment: { TABLE_NAME: 'a-table', LOG_LEVEL: 'info', STAGE: 'production' },
    versions,
  }));
}
const emulator = await startEmulator({ regions, latencyMs: LATENCY_MS });
process.stdout.write(`${emulator.url}\n`);
process.stdin.resume().on('end', () => void emulator.close());
