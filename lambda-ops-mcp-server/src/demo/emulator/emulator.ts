import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import {
  type EmulatedFunction,
  emulatedFunction,
  type FunctionSeed,
  type LayerSeed,
  type Region,
} from './account.ts';
import { AwsError, accessDenied, throttled } from './aws-error.ts';
import type { Reply } from './call.ts';
import { operations } from './operations.ts';
import { routeOf } from './routes.ts';

export interface EmulatorSeed {
  /** Region name to its functions. */
  readonly regions: Record<string, readonly FunctionSeed[]>;
  readonly layers?: readonly LayerSeed[];
  /** How long each call takes, in milliseconds. */
  readonly latencyMs?: number;
}

/** An AWS account on loopback: Lambda, CloudWatch and Account, as far as this server calls them. */
export interface Emulator {
  readonly url: string;
  /** Every call so far: `action region target`. */
  readonly calls: string[];
  /** Actions (`lambda:ListFunctions`) or actions in a region (`… eu-west-1`) that are denied. */
  readonly denied: Set<string>;
  /** How many more calls of an action are throttled. */
  readonly throttled: Map<string, number>;
  /** How many more calls of an action are carried out while their answer is lost. */
  readonly unanswered: Map<string, number>;
  /** Runtimes that Lambda no longer lets a function be set to. */
  readonly blockedRuntimes: Set<string>;
  /** Runs before an action is carried out, for what others do at that moment. */
  readonly before: Map<string, () => void | Promise<void>>;
  find(region: string, name: string): EmulatedFunction;
  close(): Promise<void>;
}

/** Starts an emulated account on a free loopback port. Resolves when it listens. */
export async function startEmulator(seed: EmulatorSeed): Promise<Emulator> {
  const regions = new Map<string, Region>(
    Object.entries(seed.regions).map(([region, functions]) => [
      region,
      new Map(functions.map((fn) => [fn.name, emulatedFunction(region, fn)])),
    ]),
  );
  const calls: string[] = [];
  const state = {
    calls,
    denied: new Set<string>(),
    throttled: new Map<string, number>(),
    unanswered: new Map<string, number>(),
    blockedRuntimes: new Set<string>(),
    before: new Map<string, () => void | Promise<void>>(),
  };

  /** A call takes the whole latency, this program's own work included. */
  async function answer(request: IncomingMessage): Promise<Reply> {
    const startedAt = performance.now();
    const reply = await carryOut(request);
    const restMs = (seed.latencyMs ?? 0) - (performance.now() - startedAt);
    if (restMs > 0) await delay(restMs);
    return reply;
  }

  async function carryOut(request: IncomingMessage): Promise<Reply> {
    const route = routeOf(request);
    const operation = operations[route.action];
    if (operation === undefined) throw new AwsError(404, 'UnknownOperation', 'Not emulated');
    const body = await readBody(request);
    state.calls.push(`${route.action} ${route.region} ${route.target}`.trim());
    await state.before.get(route.action)?.();
    refuse(route.action, route.region);
    const reply = await operation({
      ...route,
      body,
      headers: request.headers,
      region: regions.get(route.region) ?? new Map(),
      regionName: route.region,
      regionNames: [...regions.keys()],
      layers: seed.layers ?? [],
      blockedRuntimes: state.blockedRuntimes,
    });
    const left = state.unanswered.get(route.action) ?? 0;
    state.unanswered.set(route.action, Math.max(0, left - 1));
    if (left > 0) request.socket.destroy();
    return reply;
  }

  function refuse(action: string, region: string): void {
    if (state.denied.has(action) || state.denied.has(`${action} ${region}`)) {
      throw accessDenied(action);
    }
    const left = state.throttled.get(action) ?? 0;
    if (left > 0) {
      state.throttled.set(action, left - 1);
      throw throttled();
    }
  }

  const server = createServer((request, response) => {
    answer(request).then(
      (reply) => send(response, reply),
      (error: unknown) => sendError(response, error),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // `as`: a server that listens on TCP has an address of this kind.
  const { port } = server.address() as AddressInfo;

  return {
    ...state,
    url: `http://127.0.0.1:${port}`,
    find(region, name) {
      const fn = regions.get(region)?.get(name);
      if (fn === undefined) throw new Error(`the emulator has no ${name} in ${region}`);
      return fn;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString('utf8');
  return text === '' ? undefined : JSON.parse(text);
}

function send(response: ServerResponse, { status = 200, headers = {}, body }: Reply): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}

function sendError(response: ServerResponse, error: unknown): void {
  const { status, type, message } =
    error instanceof AwsError ? error : new AwsError(500, 'ServiceException', String(error));
  send(response, {
    status,
    headers: { 'x-amzn-errortype': type },
    body: { __type: type, message, Message: message },
  });
}
