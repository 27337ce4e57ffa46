import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

/**
 * The client of this process. Region, credentials and endpoint come from the environment: the task
 * role on ECS, `AWS_ENDPOINT_URL_DYNAMODB` for another DynamoDB.
 */
export function createDynamoClient(): DynamoDBDocumentClient {
  // dynamo-sender.ts retries.
  return documentClient(new DynamoDBClient({ maxAttempts: 1 }));
}

/** A client that takes plain values. What clients send may hold `undefined`, as JSON leaves it out. */
export function documentClient(client: DynamoDBClient): DynamoDBDocumentClient {
  return DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
}
