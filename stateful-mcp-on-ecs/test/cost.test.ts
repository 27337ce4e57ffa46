import { expect } from 'chai';
import { openSession, post, toolCall } from './raw-client.ts';
import { dynamoStores, type TestStores } from './stores.ts';
import { startTask, TEST_LIMITS, type TestTask } from './tasks.ts';

describe('DynamoDB requests', () => {
  let stores: TestStores;
  let task: TestTask;
  before(async () => {
    stores = await dynamoStores();
    // One read in 300 ms, no heartbeat in between.
    const limits = { ...TEST_LIMITS, announcementPollMs: 300, beatMs: 60_000 };
    task = await startTask('A', stores.store(limits), { limits });
  });
  after(async () => {
    await task.close();
    await stores.close();
  });

  async function countOf(action: () => Promise<unknown>): Promise<Record<string, number>> {
    stores.requests.clear();
    await action();
    return Object.fromEntries(stores.requests);
  }
  const call = async (headers: Record<string, string>, id: number, name: string, args = {}) =>
    (await post(task.url, toolCall(id, name, args), headers)).text();

  it('are one for a session, and one for a ping', async () => {
    expect(await countOf(() => openSession(task.url))).to.deep.equal({ PutItemCommand: 1 });
    const headers = await openSession(task.url);
    const ping = await countOf(() => call(headers, 1, 'ping'));
    expect(ping).to.deep.equal({ UpdateItemCommand: 1 });
    const list = await countOf(() => call(headers, 2, 'list-notes'));
    expect(list).to.deep.equal({ UpdateItemCommand: 1, GetItemCommand: 1 });
  });

  it('are six for a note: session, call, read, note, announcement, answer', async () => {
    const headers = await openSession(task.url);
    const note = await countOf(() => call(headers, 1, 'add-note', { text: 'one' }));
    expect(note).to.deep.equal({ UpdateItemCommand: 2, PutItemCommand: 3, GetItemCommand: 1 });
  });

  it('are one read an interval for a session that is only held open', async () => {
    const headers = await openSession(task.url);
    const stream = await fetch(task.url, { headers });
    const idle = await countOf(() => new Promise((resolve) => setTimeout(resolve, 1000)));
    await stream.body?.cancel();
    expect(Object.keys(idle)).to.deep.equal(['GetItemCommand']);
    expect(idle.GetItemCommand).to.be.within(3, 4);
  });
});
