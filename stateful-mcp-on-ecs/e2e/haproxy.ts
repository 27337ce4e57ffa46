import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Balancer {
  readonly url: URL;
  stop(): Promise<void>;
}

/**
 * Starts HAProxy in front of the tasks: round robin, health checks, and another task for a request
 * that none has answered yet. `backend` adds lines, such as a sticky cookie.
 */
export async function startHaproxy(tasks: readonly URL[], backend = ''): Promise<Balancer> {
  const port = await freePort();
  const servers = tasks.map(
    ({ host }, index) => `  server task${index} ${host} check cookie task${index}`,
  );
  const folder = await mkdtemp(join(tmpdir(), 'haproxy-'));
  const file = join(folder, 'haproxy.cfg');
  await writeFile(
    file,
    `defaults
  mode http
  timeout connect 2s
  timeout client 60s
  timeout server 60s
  timeout check 5s
  option redispatch 1
  retries 3
  retry-on conn-failure empty-response
frontend mcp
  bind 127.0.0.1:${port}
  default_backend tasks
backend tasks
  balance roundrobin
  option httpchk GET /health
  default-server inter 500ms fall 2 rise 1
${backend}
${servers.join('\n')}
`,
  );
  const haproxy = spawn('haproxy', ['-db', '-f', file], { stdio: 'ignore' });
  const exited = once(haproxy, 'exit');
  const url = new URL(`http://127.0.0.1:${port}/mcp`);
  while ((await fetch(new URL('/health', url)).catch(() => undefined))?.status !== 200) {
    if (haproxy.exitCode !== null) throw new Error(`HAProxy ended with ${haproxy.exitCode}.`);
  }
  return {
    url,
    async stop() {
      haproxy.kill('SIGKILL');
      await exited;
      await rm(folder, { recursive: true });
    },
  };
}

/** HAProxy cannot be asked which port it took, so it is given one that was free a moment ago. */
async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  // `as`: a server that listens on TCP has an address of this kind.
  const { port } = probe.address() as AddressInfo;
  probe.close();
  return port;
}
