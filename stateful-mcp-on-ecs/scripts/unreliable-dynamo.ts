import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface UnreliableDynamo {
  readonly endpoint: string;
  /** Requests that were let through. */
  readonly requests: number;
  isAway: boolean;
  close(): void;
}

/** Stands before a DynamoDB: throttles a share of the requests, and can be away altogether. */
export async function startUnreliableDynamo(
  target: string,
  throttledShare: number,
): Promise<UnreliableDynamo> {
  const throttled = JSON.stringify({
    __type: 'com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException',
    message: 'Throttled by the soak test.',
  });
  let requests = 0;
  let isAway = false;
  const server = createServer({ keepAliveTimeout: 65_000 }, (req, res) => {
    if (isAway) {
      res.destroy();
      return;
    }
    if (Math.random() < throttledShare) {
      req.resume();
      res.writeHead(400, { 'content-type': 'application/x-amz-json-1.0' }).end(throttled);
      return;
    }
    requests += 1;
    const { method, headers, url } = req;
    const upstream = request(new URL(url ?? '/', target), { method, headers }, (answer) => {
      res.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(res);
    });
    upstream.on('error', () => res.destroy());
    req.pipe(upstream);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  // `as`: a server that listens on TCP has an address of this kind.
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    get requests() {
      return requests;
    },
    get isAway() {
      return isAway;
    },
    set isAway(value) {
      isAway = value;
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
