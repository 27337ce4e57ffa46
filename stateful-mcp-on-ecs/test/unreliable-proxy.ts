import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface UnreliableProxy {
  readonly endpoint: string;
  /** `pass` what comes, `refuse` it, take it and never answer (`hang`), or lose the answers. */
  mode: 'pass' | 'refuse' | 'hang' | 'lose answers';
  close(): void;
}

/** Stands between a client and a DynamoDB, as a network that can fail. */
export async function startUnreliableProxy(target: string): Promise<UnreliableProxy> {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  let mode: UnreliableProxy['mode'] = 'pass';
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
    if (mode === 'refuse') return void socket.destroy();
    if (mode === 'hang') return;
    const upstream = connect(Number(port), hostname);
    upstream.on('error', () => socket.destroy()).on('close', () => socket.destroy());
    socket.on('close', () => upstream.destroy());
    socket.on('data', (data) => {
      if (mode === 'pass' || mode === 'lose answers') upstream.write(data);
      if (mode === 'refuse') socket.destroy();
    });
    upstream.on('data', (data) => {
      if (mode === 'lose answers') socket.destroy();
      else socket.write(data);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  // `as`: a server that listens on TCP has an address of this kind.
  const { port: ownPort } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${ownPort}`,
    get mode() {
      return mode;
    },
    set mode(wanted) {
      mode = wanted;
      if (mode === 'refuse') for (const socket of sockets) socket.destroy();
    },
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
