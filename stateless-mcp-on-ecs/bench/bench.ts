import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { bundle } from '../scripts/bundle.ts';
import { CALLS, type Call, checkedAnswer, type EraName, floorKey } from './calls.ts';
import { type Load, load } from './load.ts';
import { installPeers, PEERS } from './peers.ts';
import { type Row, tableOf } from './report.ts';
import { type ServerProcess, startServer } from './server-process.ts';

const isQuick = process.argv.includes('--quick');
// Many short rounds: a busy moment of the machine then spoils a few of them, and no median.
const ROUNDS = isQuick ? 1 : 10;
const LOAD_SECONDS = 1;
const WARM_UP_SECONDS = isQuick ? 1 : 2;
const MEMORY_SECONDS = isQuick ? 10 : 60;

interface Subject {
  readonly name: string;
  readonly kind: Row['kind'];
  readonly eras: readonly EraName[];
  readonly server: ServerProcess;
}

const running: ServerProcess[] = [];
const folder = await mkdtemp(join(tmpdir(), 'bench-'));
try {
  await installPeers();
  const sample = await startSample();
  const subjects = [await startFloor(sample), sample, ...(await startPeers())];
  await warmUp(subjects);
  const rows = await measure(subjects);
  console.log(`Node.js ${process.version}; ratios hold on any machine, absolute numbers do not.\n`);
  console.log(tableOf(rows));
  console.error(`memory: ${MEMORY_SECONDS} s of load`);
  console.log(await memoryGrowth(sample));
} finally {
  await Promise.all(running.map((server) => server.stop()));
  await rm(folder, { recursive: true, force: true });
}

async function start(file: string, env?: Record<string, string>): Promise<ServerProcess> {
  const server = await startServer(file, env);
  running.push(server);
  return server;
}

/** The bundle, as the image runs it. */
async function startSample(): Promise<Subject> {
  await bundle(folder);
  const server = await start(join(folder, 'main.mjs'), { HOST: '127.0.0.1', PORT: '0' });
  return { name: 'this sample', kind: 'sample', eras: ['legacy', 'modern'], server };
}

/** The floor answers with the sample's bytes. */
async function startFloor(sample: Subject): Promise<Subject> {
  const answers: Record<string, string> = {};
  for (const call of CALLS) answers[floorKey(call)] = await checkedAnswer(sample.server.url, call);
  const env = { FLOOR_ANSWERS: JSON.stringify(answers) };
  const server = await start(resolve('bench/floor.mjs'), env);
  return { name: 'floor', kind: 'floor', eras: ['legacy', 'modern'], server };
}

async function startPeers(): Promise<Subject[]> {
  const subjects: Subject[] = [];
  for (const { name, file, eras } of PEERS) {
    subjects.push({ name, kind: 'peer', eras, server: await start(file) });
  }
  return subjects;
}

function pairs(subjects: readonly Subject[]): { call: Call; subject: Subject }[] {
  return CALLS.flatMap((call) =>
    subjects.filter(({ eras }) => eras.includes(call.era)).map((subject) => ({ call, subject })),
  );
}

async function warmUp(subjects: readonly Subject[]): Promise<void> {
  for (const { call, subject } of pairs(subjects)) {
    await checkedAnswer(subject.server.url, call);
    await load(subject.server.url, call, WARM_UP_SECONDS);
  }
}

/** Measures in rounds, each subject once in each, so that a slow moment of the machine hits all. */
async function measure(subjects: readonly Subject[]): Promise<Row[]> {
  const measured = pairs(subjects).map((pair) => ({ ...pair, loads: [] as Load[] }));
  for (let round = 1; round <= ROUNDS; round += 1) {
    console.error(`round ${round} of ${ROUNDS}`);
    for (const { call, subject, loads } of measured) {
      loads.push(await load(subject.server.url, call, LOAD_SECONDS));
    }
  }
  return measured.map(({ call, subject, loads }) => ({
    era: call.era,
    call: call.title,
    name: subject.name,
    kind: subject.kind,
    requestsPerSecond: median(loads.map(({ requestsPerSecond }) => requestsPerSecond)),
    p99Ms: median(loads.map(({ p99Ms }) => p99Ms)),
  }));
}

/** Resident memory of the warm sample before and after load of all calls in turn. */
async function memoryGrowth({ server }: Subject): Promise<string> {
  const before = await server.memory();
  for (const call of CALLS) await load(server.url, call, MEMORY_SECONDS / CALLS.length);
  const after = await server.memory();
  const growth = (after / before - 1) * 100;
  const [from, to] = [before, after].map((bytes) => `${Math.round(bytes / 1024 / 1024)} MiB`);
  return `Memory of this sample over ${MEMORY_SECONDS} s of load: ${from} to ${to}, ${growth.toFixed(1)} %`;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
