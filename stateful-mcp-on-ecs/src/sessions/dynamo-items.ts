import { type CallRecord, ItemTooLarge, type SessionData, type SessionRecord } from './store.ts';

type Item = Record<string, unknown>;

/** DynamoDB's bound is 400 KB with attribute names; the rest is for how it counts numbers. */
const MAX_ITEM_BYTES = 390 * 1024;

// What clients and tools have made is kept as JSON text: DynamoDB forgets the order of keys, and has
// bounds of its own for numbers and for depth.

/** A record as DynamoDB keeps it; `toSession` and the like are the way back. */
export function sessionItem(session: SessionRecord): Item {
  return { ...session, initialize: JSON.stringify(session.initialize) };
}

export function toSession(item: Item | undefined): SessionRecord | undefined {
  // `as`, here and below: only this file makes these items.
  return item && ({ ...item, initialize: parse(item.initialize) } as unknown as SessionRecord);
}

export function dataItem({ values }: SessionData): Item {
  return { values: JSON.stringify(values) };
}

export function toData(item: Item | undefined): SessionData | undefined {
  return item && ({ version: item.version, values: parse(item.values) } as SessionData);
}

export function callItem(call: CallRecord): Item {
  const { request, answers } = call;
  return { ...call, request: JSON.stringify(request), answers: JSON.stringify(answers) };
}

export function toCall(item: Item | undefined): CallRecord | undefined {
  if (!item) return undefined;
  const { request, answers } = item;
  return { ...item, request: parse(request), answers: parse(answers) } as unknown as CallRecord;
}

/** @throws {ItemTooLarge} before DynamoDB would refuse the item */
export function checkSize(item: Readonly<Item>): void {
  const bytes = Buffer.byteLength(JSON.stringify(item));
  if (bytes > MAX_ITEM_BYTES) {
    throw new ItemTooLarge(`It would take ${bytes} bytes, and ${MAX_ITEM_BYTES} are the most.`);
  }
}

function parse(text: unknown): unknown {
  return JSON.parse(String(text));
}
