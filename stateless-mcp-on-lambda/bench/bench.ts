import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { build, type Metafile } from 'esbuild';
import { bundle } from '../scripts/bundle.ts';

const COLD_RUNS = 25;
const WARM_RUNS = 5;
// What Lambda sets: the server then knows that it does not listen on loopback.
const env = {
  ...process.env,
  AWS_LAMBDA_FUNCTION_NAME: 'bench',
  AWS_LAMBDA_LOG_STREAM_NAME: 'bench',
};
const events = {
  legacy: resolve('events/legacy-ping.json'),
  modern: resolve('events/modern-ping.json'),
};

// Below this folder, so that the unbundled code finds its packages.
const folder = await mkdtemp(resolve('bench/.tmp-'));
try {
  const { metafile } = await bundle(join(folder, 'bundle'), { metafile: true });
  await bundle(join(folder, 'unbundled'), { packages: 'external', alias: {}, metafile: true });
  // The floor is a bundle of the plainest kind.
  await build({
    entryPoints: ['bench/floor.ts'],
    outfile: join(folder, 'floor.cjs'),
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    minify: true,
  });
  const files = {
    floor: join(folder, 'floor.cjs'),
    bundle: join(folder, 'bundle/lambda.mjs'),
    unbundled: join(folder, 'unbundled/lambda.mjs'),
  };
  console.log(`Node.js ${process.version}; ratios hold on any machine, absolute numbers do not.\n`);
  await printCold(files);
  await printWarm(files);
  printSizes(metafile);
} finally {
  await rm(folder, { recursive: true, force: true });
}

type Files = Record<'bundle' | 'floor' | 'unbundled', string>;

/** Cold: from process start to the first answered ping, in fresh processes. */
async function printCold({ floor, bundle, unbundled }: Files): Promise<void> {
  console.log(`Cold: process start to first answered ping, median of ${COLD_RUNS}`);
  const [, legacy = 0, modern = 0, legacyUnbundled = 0, modernUnbundled = 0] = await printTable(
    'bench/cold.mjs',
    COLD_RUNS,
    'ms',
    [
      ['floor: Express, same bytes', floor, events.legacy],
      ['legacy', bundle, events.legacy],
      ['modern', bundle, events.modern],
      ['legacy, unbundled', unbundled, events.legacy],
      ['modern, unbundled', unbundled, events.modern],
    ],
  );
  console.log(
    `  bundled / unbundled: legacy ${(legacy / legacyUnbundled).toFixed(2)}, ` +
      `modern ${(modern / modernUnbundled).toFixed(2)}\n`,
  );
}

/** Warm: calls per second of a process that has seen thousands. */
async function printWarm({ floor, bundle }: Files): Promise<void> {
  console.log(`Warm: pings a second through the handler, median of ${WARM_RUNS}`);
  await printTable('bench/warm.mjs', WARM_RUNS, '/s', [
    ['floor: Express, same bytes', floor, events.legacy],
    ['legacy', bundle, events.legacy],
    ['modern', bundle, events.modern],
  ]);
  console.log('');
}

type Subject = [name: string, handlerFile: string, eventFile: string];

/** Measures the subjects in turn, `runs` times, prints their medians and returns them. */
async function printTable(
  script: string,
  runs: number,
  unit: string,
  subjects: Subject[],
): Promise<number[]> {
  const results = subjects.map((): number[] => []);
  for (let run = 0; run < runs; run += 1) {
    for (const [index, [, handlerFile, eventFile]] of subjects.entries()) {
      results[index]?.push(Number(await runNode([script, handlerFile, eventFile])));
    }
  }
  const medians = results.map(median);
  for (const [index, [name]] of subjects.entries()) {
    printRow(name, medians[index], medians[0], unit);
  }
  return medians;
}

async function runNode(args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, args, { env });
  return stdout;
}

function printSizes(metafile: Metafile | undefined): void {
  const outputs = Object.entries(metafile?.outputs ?? {});
  const sizes = new Map<string, number>();
  for (const [path, { bytesInOutput }] of outputs.flatMap(([, { inputs }]) =>
    Object.entries(inputs),
  )) {
    const name = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? 'this folder';
    sizes.set(name, (sizes.get(name) ?? 0) + bytesInOutput);
  }
  const total = outputs.reduce((sum, [, { bytes }]) => sum + bytes, 0);
  const largest = [...sizes].sort(([, a], [, b]) => b - a).slice(0, 5);
  console.log(`Bundle: ${kib(total)} minified in ${outputs.length} files, of which`);
  for (const [name, bytes] of largest) console.log(`  ${name.padEnd(32)} ${kib(bytes)}`);
}

function kib(bytes: number): string {
  return `${Math.round(bytes / 1024)} KiB`.padStart(8);
}

function printRow(name: string, value = Number.NaN, floor = Number.NaN, unit: string): void {
  const ratio = (value / floor).toFixed(2);
  console.log(
    `  ${name.padEnd(32)} ${value.toFixed(0).padStart(6)} ${unit}  ${ratio} of the floor`,
  );
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
