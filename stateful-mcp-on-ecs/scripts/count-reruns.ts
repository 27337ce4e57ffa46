import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { isRecord } from '../src/mcp/message.ts';
import { repeatableWith } from '../src/repeatable.ts';
import { tools } from '../src/tools/index.ts';

const storedCall = z.object({
  attempt: z.number(),
  events: z.array(z.string()),
  request: z.string().transform((text) => JSON.parse(text)),
});

/** How often a task has run the call of another one again, by tool; from the stored calls. */
export async function countReruns(
  dynamo: DynamoDBClient,
  table: string,
): Promise<Map<string, number>> {
  const client = DynamoDBDocumentClient.from(dynamo);
  const isRepeatable = repeatableWith(tools);
  const reruns = new Map<string, number>();
  for await (const { Items = [] } of paginateScan({ client }, { TableName: table })) {
    for (const item of Items) {
      const call = storedCall.safeParse(item);
      if (!call.success || call.data.attempt === 1) continue;
      const { attempt, events, request } = call.data;
      if (!isRecord(request.params)) continue;
      // A call that may run once is only told of: its second attempt is the error.
      if (!isRepeatable(request) && events.at(-1)?.includes('outcome is unknown')) continue;
      const tool = String(request.params.name ?? request.method);
      reruns.set(tool, (reruns.get(tool) ?? 0) + attempt - 1);
    }
  }
  client.destroy();
  return reruns;
}
