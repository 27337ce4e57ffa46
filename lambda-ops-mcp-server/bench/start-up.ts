import { spawn } from 'node:child_process';
import { once } from 'node:events';

const INITIALIZE = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: {
    protocolVersion: '2025-11-25',
    capabilities: {},
    clientInfo: { name: 'bench', version: '1.0.0' },
  },
};

/**
 * Milliseconds from spawning each server to its answered `initialize`: the median of so many runs,
 * taken in turns so that a busy moment of the machine touches all of them.
 */
export async function measureStartUps(files: readonly string[], runs: number): Promise<number[]> {
  const times = files.map((): number[] => []);
  for (let run = 0; run < runs; run += 1) {
    for (const [index, file] of files.entries()) times[index]?.push(await startUpMs(file));
  }
  return times.map((list) => list.sort((a, b) => a - b)[Math.floor(list.length / 2)] ?? Number.NaN);
}

async function startUpMs(file: string): Promise<number> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, [file], { stdio: ['pipe', 'pipe', 'ignore'] });
  child.stdin.write(`${JSON.stringify(INITIALIZE)}\n`);
  await once(child.stdout, 'data');
  const elapsed = performance.now() - startedAt;
  child.stdin.end();
  await once(child, 'exit');
  return elapsed;
}
