import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

export interface Task {
  /** The task's own endpoint, without the balancer. */
  readonly url: URL;
  readonly name: string;
  /** Sends a signal; resolves to the exit code, or null after SIGKILL. */
  stop(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null>;
}

/** Starts one task as a process of its own on a free loopback port. Resolves when it listens. */
export async function startTask(env: Record<string, string> = {}): Promise<Task> {
  const task = spawn(process.execPath, ['--import', 'tsx', 'src/main.ts'], {
    env: { ...process.env, HOST: '127.0.0.1', PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(task, 'exit');
  // Whatever ends this process takes its tasks along.
  const kill = () => task.kill('SIGKILL');
  process.on('exit', kill);
  task.on('exit', () => process.off('exit', kill));
  return {
    url: await endpointOf(task),
    name: `local-${task.pid}`,
    async stop(signal) {
      task.kill(signal);
      const [code] = await exited;
      return code;
    },
  };
}

/** Resolves to the endpoint in the log line that a task writes when it listens. */
async function endpointOf({ stdout }: ChildProcess): Promise<URL> {
  if (stdout === null) throw new Error('The output of the task is not piped.');
  const lines = createInterface(stdout);
  for await (const line of lines) {
    const { message, url } = JSON.parse(line);
    if (message !== 'listening') continue;
    // Read on, or the task would block on a full pipe.
    stdout.resume();
    return new URL(url);
  }
  throw new Error('The task ended before it listened. Its error is above.');
}
