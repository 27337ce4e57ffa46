import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';

const START_TIMEOUT_MS = 20_000;

/** A server that runs as a process of its own. */
export interface ServerProcess {
  readonly url: string;
  /** Resident memory, in bytes. */
  memory(): Promise<number>;
  stop(): Promise<void>;
}

/** Starts a Node.js server. It has to print its address as `"url":"…"`; what it prints is dropped. */
export async function startServer(
  file: string,
  env: Record<string, string> = {},
): Promise<ServerProcess> {
  const child = spawn(process.execPath, [file], {
    env: { ...process.env, NODE_ENV: 'production', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    return { url: await printedUrl(child), memory: () => memoryOf(child), stop: () => stop(child) };
  } catch (error) {
    await stop(child);
    throw new Error(`${file} did not start`, { cause: error });
  }
}

async function printedUrl({ stdout }: ChildProcess): Promise<string> {
  const signal = AbortSignal.timeout(START_TIMEOUT_MS);
  for (let output = ''; ; ) {
    const [chunk] = stdout ? await once(stdout, 'data', { signal }) : [];
    output += String(chunk);
    const url = /"url":"([^"]+)"/.exec(output)?.[1];
    if (url === undefined) continue;
    // The pipe is read on, as a log driver would, or the server would block on a full one.
    stdout?.resume();
    return url;
  }
}

async function memoryOf({ pid }: ChildProcess): Promise<number> {
  const { stdout } = await promisify(execFile)('ps', ['-o', 'rss=', '-p', String(pid)]);
  return Number(stdout) * 1024;
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  // SIGKILL: how a task drains is not measured here.
  child.kill('SIGKILL');
  await once(child, 'exit');
}
