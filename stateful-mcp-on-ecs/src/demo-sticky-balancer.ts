import {
  createServer,
  type IncomingMessage,
  request,
  type Server,
  type ServerResponse,
} from 'node:http';

const HEALTH_INTERVAL_MS = 200;
const COOKIE = 'task';

export interface StickyBalancer {
  readonly server: Server;
  /** Cuts every connection in the middle of its answer, as a network can. */
  cut(): void;
}

/**
 * A load balancer for the demo: a cookie brings a client back to its task while that one is healthy,
 * other clients go round robin. A request that got no answer goes to the next task. Not for
 * production.
 */
export function createStickyBalancer(targets: readonly URL[]): StickyBalancer {
  const healthy = new Set(targets);
  const answers = new Set<ServerResponse>();
  let next = 0;

  function pick(cookie: string | undefined, tried: ReadonlySet<URL>): URL | undefined {
    const candidates = targets.filter((target) => healthy.has(target) && !tried.has(target));
    const sticky = candidates.find((target) => cookie?.includes(`${COOKIE}=${target.port}`));
    next += 1;
    return sticky ?? candidates[next % candidates.length];
  }

  function forward(body: Buffer, req: IncomingMessage, res: ServerResponse, tried: Set<URL>): void {
    const target = pick(req.headers.cookie, tried);
    if (target === undefined) {
      res.writeHead(503, { 'content-type': 'text/plain' }).end('No healthy task.');
      return;
    }
    tried.add(target);
    const { method, headers, url } = req;
    const upstream = request(new URL(url ?? '/', target), { method, headers }, (answer) => {
      res.setHeader('set-cookie', `${COOKIE}=${target.port}; Path=/; HttpOnly`);
      res.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.on('error', () => res.destroy());
      answer.pipe(res);
    });
    upstream.on('error', () => {
      if (res.headersSent) res.destroy();
      else forward(body, req, res, tried);
    });
    // A client that leaves takes its request along.
    res.once('close', () => upstream.destroy());
    upstream.end(body);
  }

  const server = createServer(async (req, res) => {
    answers.add(res);
    res.once('close', () => answers.delete(res));
    const chunks: Buffer[] = [];
    for await (const chunk of req) chunks.push(chunk);
    forward(Buffer.concat(chunks), req, res, new Set());
  });
  const timer = setInterval(() => void checkHealth(targets, healthy), HEALTH_INTERVAL_MS);
  server.once('close', () => clearInterval(timer));
  return {
    server,
    cut() {
      for (const res of answers) res.destroy();
    },
  };
}

async function checkHealth(targets: readonly URL[], healthy: Set<URL>): Promise<void> {
  for (const target of targets) {
    const response = await fetch(new URL('/health', target)).catch(() => undefined);
    if (response?.ok) healthy.add(target);
    else healthy.delete(target);
    await response?.body?.cancel();
  }
}
