import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import type { EraName } from './calls.ts';

const FOLDER = resolve('bench/peers');

export interface Peer {
  readonly name: string;
  readonly file: string;
  readonly eras: readonly EraName[];
}

export const PEERS: readonly Peer[] = [
  { name: "SDK's example", file: resolve(FOLDER, 'sdk-example.mjs'), eras: ['legacy'] },
  { name: 'fastmcp', file: resolve(FOLDER, 'fastmcp.mjs'), eras: ['legacy'] },
  { name: 'mcp-handler', file: resolve(FOLDER, 'mcp-handler.mjs'), eras: ['legacy', 'modern'] },
];

/** Installs the peers on the first run: who only runs the tests never needs them. */
export async function installPeers(): Promise<void> {
  if (existsSync(resolve(FOLDER, 'node_modules/.package-lock.json'))) return;
  console.log('Installing the peers into bench/peers (first run only)');
  await promisify(execFile)('npm', ['ci', '--no-audit', '--no-fund'], { cwd: FOLDER });
}
