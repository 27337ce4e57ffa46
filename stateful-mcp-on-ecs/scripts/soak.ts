import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import * as z from 'zod';
import { startHaproxy } from '../e2e/haproxy.ts';
import { startTask, type Task } from '../src/demo-task.ts';
import {
  createLocalClient,
  createSessionsTable,
  localDynamoEnv,
  startLocalDynamo,
} from '../src/local-dynamo.ts';
import { countReruns } from './count-reruns.ts';
import { SoakReport } from './soak-report.ts';
import { runSession } from './soak-session.ts';
import { startUnreliableDynamo } from './unreliable-dynamo.ts';

const USAGE = `Usage: npm run soak -- [--minutes N] [--sessions N] [--cookies yes|no|both]
                      [--throttle PERCENT] [--outage SECONDS]

Needs HAProxy. Uses the DynamoDB at DYNAMODB_ENDPOINT, or one in this process.`;
const LOSS_INTERVAL_MS = 10_000;
/** On a busy machine a health check may take a while: only a task that is gone is to be marked down. */
const PATIENT =
  '  timeout check 2s\n  default-server inter 300ms fall 2 on-marked-down shutdown-sessions\n';
const STICKY = '  cookie task insert indirect nocache\n';
const START_INTERVAL_MS = 100;

const soakOptions = z.object({
  minutes: z.coerce.number('give a number above 0').positive().default(1),
  sessions: z.coerce.number('give a whole number from 1 on').int().min(1).default(50),
  cookies: z.enum(['yes', 'no', 'both'], 'choose yes, no or both').default('both'),
  throttle: z.coerce.number('give a number from 0 to 99').min(0).max(99).default(0),
  outage: z.coerce.number('give a number of seconds, 0 or above').min(0).default(0),
});
type SoakOptions = z.infer<typeof soakOptions>;

const options = readArguments(process.argv.slice(2));
if (typeof options === 'string') {
  console.error(`${options}\n\n${USAGE}`);
  process.exitCode = 2;
} else {
  const modes = options.cookies === 'both' ? [true, false] : [options.cookies === 'yes'];
  for (const keepsCookies of modes) {
    const failures = await soak(options, keepsCookies);
    console.log(failures === 0 ? '\nAll of it held.\n' : `\n${failures} did not hold.\n`);
    if (failures > 0) process.exitCode = 1;
  }
}

/** Returns what is wrong with the arguments where something is. */
function readArguments(args: string[]): SoakOptions | string {
  const text = { type: 'string' } as const;
  const known = { minutes: text, sessions: text, cookies: text, throttle: text, outage: text };
  try {
    const { values } = parseArgs({ args, options: known });
    const parsed = soakOptions.safeParse(values);
    if (parsed.success) return parsed.data;
    return parsed.error.issues
      .map(({ path, message }) => `--${path.join('.')}: ${message}`)
      .join('\n');
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function soak(options: SoakOptions, keepsCookies: boolean): Promise<number> {
  const { minutes, sessions, throttle, outage } = options;
  const local = process.env.DYNAMODB_ENDPOINT ? undefined : await startLocalDynamo();
  const target = process.env.DYNAMODB_ENDPOINT ?? local?.endpoint ?? '';
  const dynamo = await startUnreliableDynamo(target, throttle / 100);
  const table = `soak-${Date.now()}`;
  const env = {
    ...localDynamoEnv(target, table),
    DRAIN_GRACE_SECONDS: '1',
    DRAIN_TIMEOUT_SECONDS: '8',
  };
  Object.assign(process.env, env);
  await createSessionsTable(createLocalClient(target), table);
  const taskEnv = { ...env, AWS_ENDPOINT_URL_DYNAMODB: dynamo.endpoint };
  const tasks = await Promise.all([1, 2, 3].map(() => startTask(taskEnv)));
  const balancer = await startHaproxy(
    tasks.map(({ url }) => url),
    PATIENT + (keepsCookies ? STICKY : ''),
  );
  const report = new SoakReport();
  const startedAt = Date.now();
  const end = startedAt + minutes * 60_000;
  console.log(
    `${sessions} sessions for ${minutes} min behind HAProxy, ` +
      `${keepsCookies ? 'with' : 'without'} cookies; a task is lost every ${LOSS_INTERVAL_MS / 1000} s` +
      `; ${throttle} % of the requests to DynamoDB throttled, away for ${outage} s`,
  );
  try {
    const names = Array.from({ length: sessions }, (_, index) => `session ${index}`);
    await Promise.all([
      loseTasks(tasks, taskEnv, end, report),
      takeDynamoAway(dynamo, (startedAt + end) / 2, outage),
      ...names.map(async (name, index) => {
        await sleep(index * START_INTERVAL_MS);
        await runSession(name, balancer.url, keepsCookies, end, report);
      }),
    ]);
    for (const [tool, count] of await countReruns(createLocalClient(target), table)) {
      report.count(tool, 'rerun', count);
    }
    console.log(`  DynamoDB requests: ${dynamo.requests}`);
    return report.print(console.log);
  } finally {
    await balancer.stop();
    await Promise.all(tasks.map((task) => task.stop('SIGKILL')));
    dynamo.close();
    local?.close();
  }
}

/** Kills or stops one task after the other, and starts another in its place. */
async function loseTasks(
  tasks: Task[],
  env: Record<string, string>,
  end: number,
  report: SoakReport,
): Promise<void> {
  const replacements: Promise<void>[] = [];
  for (let turn = 0; Date.now() + LOSS_INTERVAL_MS * 1.5 < end; turn += 1) {
    await sleep(LOSS_INTERVAL_MS);
    const index = turn % tasks.length;
    const signal = turn % 2 === 0 ? 'SIGKILL' : 'SIGTERM';
    replacements.push(replace(index, signal));
  }
  await Promise.all(replacements);

  async function replace(index: number, signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const task = tasks[index];
    if (!task) return;
    report.lose(task.name, signal);
    await task.stop(signal);
    tasks[index] = await startTask({ ...env, PORT: task.url.port });
  }
}

async function takeDynamoAway(
  dynamo: { isAway: boolean },
  at: number,
  seconds: number,
): Promise<void> {
  if (seconds === 0) return;
  await sleep(at - Date.now());
  dynamo.isAway = true;
  await sleep(seconds * 1000);
  dynamo.isAway = false;
}
