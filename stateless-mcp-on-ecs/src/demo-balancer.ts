import {
  createServer,
  type IncomingMessage,
  request,
  type Server,
  type ServerResponse,
} from 'node:http';

const HEALTH_INTERVAL_MS = 200;

/**
 * A load balancer for the demo: round robin over the tasks that are healthy, without affinity. A
 * request that no task has taken yet goes to the next one, as real balancers do it. Not for production.
 */
export function createBalancer(targets: readonly URL[]): Server {
  const healthy = new Set(targets);
  let next = 0;

  function pick(tried: ReadonlySet<URL>): URL | undefined {
    const candidates = targets.filter((target) => healthy.has(target) && !tried.has(target));
    next += 1;
    return candidates[next % candidates.length];
  }

  function forward(body: Buffer, req: IncomingMessage, res: ServerResponse, tried: Set<URL>): void {
    const target = pick(tried);
    if (target === undefined) {
      res.writeHead(503, { 'content-type': 'text/plain' }).end('No healthy task.');
      return;
    }
    tried.add(target);
    const { method, headers, url } = req;
    const upstream = request(new URL(url ?? '/', target), { method, headers }, (answer) => {
      res.writeHead(answer.statusCode ?? 502, answer.headers);
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
    const chunks: Buffer[] = [];
    for await (const chunk of req) chunks.push(chunk);
    forward(Buffer.concat(chunks), req, res, new Set());
  });
  const timer = setInterval(() => void checkHealth(targets, healthy), HEALTH_INTERVAL_MS);
  server.once('close', () => clearInterval(timer));
  return server;
}

async function checkHealth(targets: readonly URL[], healthy: Set<URL>): Promise<void> {
  for (const target of targets) {
    const response = await fetch(new URL('/health', target)).catch(() => undefined);
    if (response?.ok) healthy.add(target);
    else healthy.delete(target);
    await response?.body?.cancel();
  }
}
