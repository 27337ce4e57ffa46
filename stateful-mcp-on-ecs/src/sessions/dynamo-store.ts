import { randomUUID } from 'node:crypto';
import {
  BatchWriteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  UpdateCommand,
  type UpdateCommandInput,
} from '@aws-sdk/lib-dynamodb';
import {
  callItem,
  checkSize,
  dataItem,
  sessionItem,
  toCall,
  toData,
  toSession,
} from './dynamo-items.ts';
import { createSender } from './dynamo-sender.ts';
import type { SessionLimits } from './limits.ts';
import { isOver } from './memory-store.ts';
import type { SessionData, SessionRecord, SessionStore } from './store.ts';

/** Under one partition key per session: the session, its data, and a `call#…` for each stored call. */
const SESSION = 'session';
const DATA = 'data';
const CALL = 'call#';
const MAX_BATCH = 25;
const NO_DATA: SessionData = { version: 0, values: {} };

/** Keeps sessions in a DynamoDB table (keys `pk`, `sk`; TTL `expiresAt`): any task can serve them. */
export function createDynamoStore(
  client: DynamoDBDocumentClient,
  table: string,
  limits: SessionLimits,
): SessionStore {
  const sender = createSender();
  const TableName = table;
  /** Names each write: one that is sent again, because its answer got lost, then recognises itself. */
  const nonces = new WeakMap<object, string>();

  async function get(pk: string, sk: string): Promise<Record<string, unknown> | undefined> {
    const input = { TableName, Key: { pk, sk }, ConsistentRead: true };
    const { output } = await sender.send((options) => client.send(new GetCommand(input), options));
    return output.Item;
  }

  /**
   * Writes an item over its version before; over none, or an expired one, where it is the first. To
   * try again is to give the same record.
   */
  async function put(
    record: { readonly version: number },
    pk: string,
    sk: string,
    item: object,
  ): Promise<boolean> {
    const { version } = record;
    const nonce = nonces.get(record) ?? randomUUID();
    nonces.set(record, nonce);
    const Item = { ...item, pk, sk, version, nonce };
    checkSize(Item);
    const input = {
      TableName,
      Item,
      ConditionExpression:
        version === 1
          ? 'attribute_not_exists(pk) OR expiresAt < :value'
          : 'attribute_exists(pk) AND #version = :value',
      ...(version > 1 && { ExpressionAttributeNames: { '#version': 'version' } }),
      ExpressionAttributeValues: { ':value': version === 1 ? toSeconds(Date.now()) : version - 1 },
    };
    const { isRefused } = await sender.send((options) =>
      client.send(new PutCommand(input), options),
    );
    // What it has met may be itself.
    return !isRefused || (await get(pk, sk))?.nonce === nonce;
  }

  /** Changes a session that is not over; undefined when there is none. */
  async function update(
    id: string,
    expression: string,
    names: Record<string, string>,
    values: Record<string, unknown>,
    condition = '',
  ): Promise<SessionRecord | undefined> {
    const now = Date.now();
    const input: UpdateCommandInput = {
      TableName,
      Key: { pk: id, sk: SESSION },
      UpdateExpression: expression,
      ConditionExpression: `lastSeenAt > :idleSince AND createdAt > :bornAfter${condition}`,
      ...(Object.keys(names).length > 0 && { ExpressionAttributeNames: names }),
      ExpressionAttributeValues: {
        ...values,
        ':idleSince': now - limits.idleMs,
        ':bornAfter': now - limits.maxLifeMs,
      },
      ReturnValues: 'ALL_NEW',
    };
    const { output, isRefused } = await sender.send((options) =>
      client.send(new UpdateCommand(input), options),
    );
    return isRefused ? undefined : toSession(output.Attributes);
  }

  return {
    kind: 'dynamodb',
    get isAvailable() {
      return sender.isAvailable;
    },

    async createSession(session) {
      const Item = { ...sessionItem(session), pk: session.id, sk: SESSION, expiresAt: idleEnd() };
      checkSize(Item);
      await sender.send((options) => client.send(new PutCommand({ TableName, Item }), options));
    },
    touchSession(id, { clientId, calls = 0, listener }) {
      return update(
        id,
        `SET lastSeenAt = :now, expiresAt = :end${listener === undefined ? '' : ', #listener = :listener'} ADD #calls :calls`,
        { '#calls': 'calls', ...(listener !== undefined && { '#listener': 'listener' }) },
        {
          ':now': Date.now(),
          ':end': idleEnd(),
          ':calls': calls,
          ':clientId': clientId,
          ...(listener !== undefined && { ':listener': listener }),
        },
        ' AND clientId = :clientId',
      );
    },
    async readSession(id) {
      const session = toSession(await get(id, SESSION));
      return session && !isOver(session, limits) ? session : undefined;
    },
    async deleteSession(id) {
      // The session first: from then on it is unknown, whatever becomes of the rest.
      await removeAll([{ pk: id, sk: SESSION }]);
      let start: Record<string, unknown> | undefined;
      do {
        const query = {
          TableName,
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues: { ':pk': id },
          ProjectionExpression: 'pk, sk',
          ...(start && { ExclusiveStartKey: start }),
        };
        const { output } = await sender.send((options) =>
          client.send(new QueryCommand(query), options),
        );
        await removeAll(output.Items ?? []);
        start = output.LastEvaluatedKey;
      } while (start);
    },
    async setSubscription(id, uri, isSubscribed) {
      const names = { '#subscriptions': 'subscriptions', '#uri': uri };
      if (isSubscribed) {
        await update(id, 'SET #subscriptions.#uri = :true', names, { ':true': true });
      } else {
        await update(id, 'REMOVE #subscriptions.#uri', names, {});
      }
    },
    async announce(id, notification) {
      // The right-hand sides read the item as it was before: both get the same new number.
      await update(
        id,
        'SET #all.#one = announced + :one, announced = announced + :one',
        { '#all': 'announcements', '#one': notification },
        { ':one': 1 },
      );
    },
    async readData(sessionId) {
      return toData(await get(sessionId, DATA)) ?? NO_DATA;
    },
    saveData({ id, createdAt }, data) {
      const expiresAt = toSeconds(createdAt + limits.maxLifeMs);
      return put(data, id, DATA, { ...dataItem(data), expiresAt });
    },
    async readCall(sessionId, streamId) {
      const item = await get(sessionId, CALL + streamId);
      return Number(item?.expiresAt) >= toSeconds(Date.now()) ? toCall(item) : undefined;
    },
    saveCall(call) {
      const expiresAt = toSeconds(Date.now() + limits.keepCallMs);
      return put(call, call.sessionId, CALL + call.streamId, { ...callItem(call), expiresAt });
    },
  };

  async function removeAll(keys: Record<string, unknown>[]): Promise<void> {
    for (let start = 0; start < keys.length; start += MAX_BATCH) {
      let requests = keys
        .slice(start, start + MAX_BATCH)
        .map(({ pk, sk }) => ({ DeleteRequest: { Key: { pk, sk } } }));
      while (requests.length > 0) {
        const input = { RequestItems: { [TableName]: requests } };
        const { output } = await sender.send((options) =>
          client.send(new BatchWriteCommand(input), options),
        );
        // `as`: what comes back unprocessed is what was sent.
        requests = (output.UnprocessedItems?.[TableName] ?? []) as typeof requests;
      }
    }
  }

  function idleEnd(): number {
    return toSeconds(Date.now() + limits.idleMs);
  }
}

/** TTL attributes are in seconds. */
function toSeconds(milliseconds: number): number {
  return Math.ceil(milliseconds / 1000);
}
