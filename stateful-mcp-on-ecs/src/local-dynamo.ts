import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import dynalite from 'dynalite';

export interface LocalDynamo {
  readonly endpoint: string;
  close(): void;
}

/** A DynamoDB in this process, in memory, for the demo and the tests. */
export async function startLocalDynamo(): Promise<LocalDynamo> {
  const server = dynalite({ createTableMs: 0 }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  // `as`: a server that listens on TCP has an address of this kind.
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** The environment of a task whose sessions are in a table of an emulator, at this endpoint. */
export function localDynamoEnv(endpoint: string, table: string): Record<string, string> {
  return {
    SESSIONS_TABLE_NAME: table,
    AWS_ENDPOINT_URL_DYNAMODB: endpoint,
    // The AWS SDK wants some; an emulator takes any.
    AWS_REGION: 'local',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  };
}

/** A client of an emulator at this endpoint. */
export function createLocalClient(endpoint: string): DynamoDBClient {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  // dynamo-sender.ts retries.
  return new DynamoDBClient({ endpoint, region: 'local', credentials, maxAttempts: 1 });
}

/** Creates the table of copilot/stateful-mcp/addons/sessions.yml, but for what no emulator has. */
export async function createSessionsTable(client: DynamoDBClient, name: string): Promise<void> {
  await client.send(
    new CreateTableCommand({
      TableName: name,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [
        { AttributeName: 'pk', AttributeType: 'S' },
        { AttributeName: 'sk', AttributeType: 'S' },
      ],
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
    }),
  );
}
