import { randomUUID } from 'node:crypto';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createLocalClient, createSessionsTable, startLocalDynamo } from '../src/local-dynamo.ts';
import { documentClient } from '../src/sessions/dynamo-client.ts';
import { createDynamoStore } from '../src/sessions/dynamo-store.ts';
import type { SessionLimits } from '../src/sessions/limits.ts';
import { createMemoryStore } from '../src/sessions/memory-store.ts';
import type { SessionStore } from '../src/sessions/store.ts';
import { until } from './until.ts';

export interface TestStores {
  /** A store as each task has it: over one table, with a client of its own. */
  store(limits: SessionLimits): SessionStore;
  /** DynamoDB requests so far, by command. */
  readonly requests: Map<string, number>;
  close(): Promise<void>;
}

export const KINDS = ['memory', 'dynamodb'] as const;

export async function openStores(kind: (typeof KINDS)[number]): Promise<TestStores> {
  return kind === 'memory' ? memoryStores() : dynamoStores();
}

function memoryStores(): TestStores {
  return { store: createMemoryStore, requests: new Map(), close: async () => {} };
}

/** An empty table in an in-process DynamoDB, or in the one that DYNAMODB_ENDPOINT names. */
export async function dynamoStores(through = (endpoint: string) => endpoint): Promise<TestStores> {
  const given = process.env.DYNAMODB_ENDPOINT;
  const local = given === undefined ? await startLocalDynamo() : undefined;
  const direct = given ?? local?.endpoint ?? '';
  const requests = new Map<string, number>();
  const clients: DynamoDBClient[] = [];
  let pending = 0;

  function connect(endpoint: string): DynamoDBClient {
    const client = createLocalClient(endpoint);
    client.middlewareStack.add(
      (next, { commandName = '' }) =>
        async (args) => {
          requests.set(commandName, (requests.get(commandName) ?? 0) + 1);
          pending += 1;
          try {
            return await next(args);
          } finally {
            pending -= 1;
          }
        },
      { step: 'finalizeRequest' },
    );
    clients.push(client);
    return client;
  }

  const table = `sessions-${randomUUID()}`;
  await createSessionsTable(connect(direct), table);
  requests.clear();
  return {
    requests,
    store: (limits) => createDynamoStore(documentClient(connect(through(direct))), table, limits),
    async close() {
      // dynalite falls over a request that it still works on when it closes.
      await until('no request is under way', () => pending === 0);
      for (const client of clients) client.destroy();
      local?.close();
    },
  };
}
