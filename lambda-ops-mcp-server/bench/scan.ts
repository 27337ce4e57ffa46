import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { Agent, get } from 'node:http';
import { json } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import {
  getDefaultEnvironment,
  StdioClientTransport,
} from '@modelcontextprotocol/sdk/client/stdio.js';
import * as z from 'zod';
import { emulatedEnvironment } from '../src/demo/emulated-environment.ts';
import { regionSizes } from './fleet.ts';

const SCAN_TIMEOUT_MS = 10 * 60 * 1000;
/** Samples the heap inside the server's process and writes the peak to stderr when it ends. */
const HEAP_PROBE = `data:text/javascript,
  let peak = 0;
  const sample = () => { peak = Math.max(peak, process.memoryUsage().heapUsed); };
  setInterval(sample, 20).unref();
  process.on('exit', () => process.stderr.write(JSON.stringify({ peak }) + String.fromCharCode(10)));`;

export interface ScanResult {
  readonly elapsedMs: number;
  /** The same pages of all regions, `$LATEST` only, by plain HTTP requests: what the machine allows. */
  readonly plainMs: number;
  readonly firstProgressMs: number;
  readonly peakHeapMb: number;
}

/** One scan by the built server, over stdio, as a client sees it. */
export async function measureScan(isEven: boolean, allVersions: boolean): Promise<ScanResult> {
  const fleet = await startFleet(isEven);
  const plainMs = await readPlainly(fleet.url, isEven);
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: ['--import', HEAP_PROBE, 'dist/lambda-ops-mcp-server.mjs', '--offline'],
    env: { ...getDefaultEnvironment(), ...emulatedEnvironment(fleet.url) },
    stderr: 'pipe',
  });
  let stderr = '';
  transport.stderr?.on('data', (chunk) => {
    stderr += chunk;
  });
  const client = new Client({ name: 'bench', version: '1.0.0' });
  try {
    await client.connect(transport);
    // Every client lists the tools before a model calls one.
    await client.listTools();
    const startedAt = performance.now();
    let firstProgressMs = Number.NaN;
    const { isError } = await client.callTool(
      { name: 'find-deprecated-functions', arguments: { allVersions } },
      undefined,
      {
        timeout: SCAN_TIMEOUT_MS,
        onprogress: () => {
          if (Number.isNaN(firstProgressMs)) firstProgressMs = performance.now() - startedAt;
        },
      },
    );
    const elapsedMs = performance.now() - startedAt;
    await client.close();
    if (isError === true) throw new Error('the scan failed');
    return {
      elapsedMs,
      plainMs,
      firstProgressMs,
      peakHeapMb: peakIn(stderr),
    };
  } finally {
    await client.close();
    fleet.process.stdin?.end();
    await once(fleet.process, 'exit');
  }
}

/** Reads every page without the SDK or a server. It also warms the emulator, which is not on trial. */
async function readPlainly(url: string, isEven: boolean): Promise<number> {
  const agent = new Agent({ keepAlive: true });
  const startedAt = performance.now();
  await Promise.all(
    Object.keys(regionSizes(isEven)).map(async (region) => {
      let marker: string | undefined = '0';
      while (marker !== undefined) marker = await nextMarker(agent, url, region, marker);
    }),
  );
  agent.destroy();
  return performance.now() - startedAt;
}

async function nextMarker(agent: Agent, url: string, region: string, marker: string) {
  const authorization = `AWS4-HMAC-SHA256 Credential=E/20261122/${region}/lambda/aws4_request`;
  const path = `${url}/2015-03-31/functions?MaxItems=50&Marker=${marker}`;
  const [response] = await once(get(path, { agent, headers: { authorization } }), 'response');
  const page = z.object({ NextMarker: z.string().optional() }).parse(await json(response));
  return page.NextMarker;
}

async function startFleet(isEven: boolean): Promise<{ process: ChildProcess; url: string }> {
  const file = fileURLToPath(new URL('fleet-server.ts', import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', file, isEven ? 'even' : 'skewed'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const [line] = await once(child.stdout, 'data');
  return { process: child, url: String(line).trim() };
}

function peakIn(stderr: string): number {
  const peak = /"peak":(\d+)/.exec(stderr)?.[1];
  if (peak === undefined) throw new Error('the server wrote no heap peak');
  return Number(peak) / 1024 / 1024;
}
