import { bundle, bundleModule } from '../scripts/bundle.ts';
import { floorMs } from './fleet.ts';
import { measureScan, type ScanResult } from './scan.ts';
import { measureStartUps } from './start-up.ts';

const START_UP_RUNS = 15;
const SCAN_RUNS = 3;
const SMALLEST = 'dist/smallest-server.mjs';
const SERVER = 'dist/lambda-ops-mcp-server.mjs';

/** Prints each measure as a ratio to its floor, with the aim; exits 1 when an aim is missed. */
await bundle('dist');
await bundleModule('bench/smallest-server.ts', SMALLEST);

console.log(`Node.js ${process.version}; ratios hold on any machine, absolute numbers do not.`);
console.log('An emulated account at 40 ms a call, in another process.\n');
await report('10,000 functions, large regions', false, false, 150);
await report('10,000 functions, even regions', true, false, 150);
await report('100,000 versions, large regions', false, true, 300);

const [smallest = 0, server = 0] = await measureStartUps([SMALLEST, SERVER], START_UP_RUNS);
line(
  'start-up',
  server / smallest,
  1.5,
  `${server.toFixed(0)} ms, smallest ${smallest.toFixed(0)} ms`,
);

async function report(name: string, isEven: boolean, allVersions: boolean, maxHeapMb: number) {
  const floor = floorMs(isEven, allVersions ? 10 : 1);
  const scan = await fastestScan(isEven, allVersions);
  // In an even fleet the floor is half a second, and loading the SDK, ListRegions and the owners of
  // the first page weigh as much as pages do: shown, but without an aim.
  line(
    `${name}: scan`,
    scan.elapsedMs / floor,
    isEven ? undefined : 1.25,
    `${scan.elapsedMs.toFixed(0)} ms, floor ${floor} ms${plain(scan, allVersions)}`,
  );
  line(
    `${name}: heap`,
    scan.peakHeapMb / maxHeapMb,
    1,
    `${scan.peakHeapMb.toFixed(0)} MB of ${maxHeapMb}`,
  );
  line(
    `${name}: first progress`,
    scan.firstProgressMs / 500,
    1,
    `${scan.firstProgressMs.toFixed(0)} ms of 500`,
  );
}

/** The fastest of three, as other work on the machine only adds time; the long scan runs once. */
async function fastestScan(isEven: boolean, allVersions: boolean): Promise<ScanResult> {
  const scans: ScanResult[] = [];
  for (let run = 0; run < (allVersions ? 1 : SCAN_RUNS); run += 1) {
    scans.push(await measureScan(isEven, allVersions));
  }
  const [fastest] = scans.sort((left, right) => left.elapsedMs - right.elapsedMs);
  if (fastest === undefined) throw new Error('nothing was measured');
  return fastest;
}

function plain({ plainMs }: ScanResult, allVersions: boolean): string {
  return allVersions ? '' : `, plain HTTP ${plainMs.toFixed(0)} ms`;
}

function line(name: string, ratio: number, aim: number | undefined, detail: string): void {
  const isMissed = aim !== undefined && ratio > aim;
  const verdict = aim === undefined ? '' : `aim ${aim}: ${isMissed ? 'MISSED' : 'ok'}`;
  console.log(`${name.padEnd(47)} ${ratio.toFixed(2)}  ${verdict.padEnd(16)} ${detail}`);
  if (isMissed) process.exitCode = 1;
}
