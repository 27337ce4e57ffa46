import { ResourceUpdatedNotificationSchema } from '@modelcontextprotocol/sdk/types.js';
import { expect } from 'chai';
import { connectClient } from './sdk-client.ts';
import { openStores, type TestStores } from './stores.ts';
import { roundRobin, startTask, TEST_LIMITS, type TestTask } from './tasks.ts';
import { until } from './until.ts';

const uri = 'notes://session';
const url = new URL('http://balancer.invalid/mcp');

describe('notes', () => {
  let stores: TestStores;
  let tasks: TestTask[];
  before(async () => {
    stores = await openStores('dynamodb');
    tasks = await Promise.all(
      ['A', 'B', 'C'].map((name) => startTask(name, stores.store(TEST_LIMITS))),
    );
  });
  after(async () => {
    for (const task of tasks) await task.close();
    await stores.close();
  });
  const connect = (ask?: Parameters<typeof connectClient>[1]) =>
    connectClient(url, { fetch: roundRobin(() => tasks), ...ask });

  it('are kept in order, with the task that added each', async () => {
    const client = await connect();
    expect((await client.call('add-note', { text: 'one' })).count).to.equal(1);
    expect((await client.call('add-note', { text: 'two' })).count).to.equal(2);
    const { notes } = await client.call('list-notes');
    expect(notes.map(({ text }) => text)).to.deep.equal(['one', 'two']);
    expect(new Set(notes.map(({ servedBy }) => servedBy)).size).to.equal(2);
    const { contents } = await client.client.readResource({ uri });
    expect(JSON.stringify(contents)).to.contain('two');
    await client.close();
  });

  it('are not lost when 18 are added at once on three tasks', async () => {
    const client = await connect();
    const texts = Array.from({ length: 18 }, (_, index) => `note ${index}`);
    await Promise.all(texts.map((text) => client.call('add-note', { text })));
    const { notes } = await client.call('list-notes');
    expect(notes.map(({ text }) => text)).to.have.members(texts);
    await client.close();
  });

  it('are at most 100, of at most 500 characters', async () => {
    const client = await connect();
    expect(await client.failure('add-note', { text: 'x'.repeat(501) })).to.contain('text');
    for (let batch = 0; batch < 10; batch += 1) {
      const ten = Array.from({ length: 10 }, () =>
        client.call('add-note', { text: '€'.repeat(500) }),
      );
      await Promise.all(ten);
    }
    expect(await client.failure('add-note', { text: 'one more' })).to.contain('Call clear-notes');
    expect((await client.call('list-notes')).notes).to.have.length(100);
    await client.close();
  }).timeout(30_000);

  it('belong to one session', async () => {
    const [one, two] = [await connect(), await connect()];
    await one.call('add-note', { text: 'secret' });
    expect((await two.call('list-notes')).notes).to.deep.equal([]);
    await one.close();
    await two.close();
  });

  it('tell subscribers of a change on any task, and no one else', async () => {
    const [subscriber, other] = [await connect(), await connect()];
    let updates = 0;
    subscriber.client.setNotificationHandler(ResourceUpdatedNotificationSchema, ({ params }) => {
      expect(params.uri).to.equal(uri);
      updates += 1;
    });
    await subscriber.client.subscribeResource({ uri });
    for (let added = 1; added <= 3; added += 1) {
      await subscriber.call('add-note', { text: `note ${added}` });
      await other.call('add-note', { text: 'other' });
      await until(`update ${added}`, () => updates >= added);
    }
    await subscriber.client.unsubscribeResource({ uri });
    const before = updates;
    await subscriber.call('add-note', { text: 'unseen' });
    // Another poll or two would have shown it.
    await new Promise((resolve) => setTimeout(resolve, 3 * TEST_LIMITS.announcementPollMs));
    expect(updates).to.equal(before);
    expect(other.notifications).to.deep.equal([]);
    await subscriber.close();
    await other.close();
  });

  it('merge updates, and never miss the last', async () => {
    const client = await connect();
    let seen = 0;
    client.client.setNotificationHandler(ResourceUpdatedNotificationSchema, async () => {
      const { contents } = await client.client.readResource({ uri });
      const notes = JSON.parse(String(contents[0] && 'text' in contents[0] && contents[0].text));
      seen = Math.max(seen, notes.notes.length);
    });
    await client.client.subscribeResource({ uri });
    await Promise.all(
      Array.from({ length: 12 }, (_, index) => client.call('add-note', { text: `n${index}` })),
    );
    await until('the client knows of all notes', () => seen === 12);
    await client.close();
  });

  it('refuse to be watched under another URI', async () => {
    const client = await connect();
    const error = await client.client
      .subscribeResource({ uri: 'notes://other' })
      .catch((reason: Error) => reason);
    expect(String(error)).to.contain('notes://session');
    await client.close();
  });

  for (const [action, left] of [
    ['accept', 0],
    ['decline', 1],
    ['cancel', 1],
  ] as const) {
    it(`are cleared after the user was asked, whichever task hears the answer: ${action}`, async () => {
      const questions: string[] = [];
      const client = await connect({
        ask(question) {
          questions.push(question);
          return action === 'accept' ? { action, content: { confirm: true } } : { action };
        },
      });
      await client.call('add-note', { text: 'one' });
      const { cleared } = await client.call('clear-notes');
      expect(cleared).to.equal(1 - left);
      expect(questions).to.deep.equal(['Delete the note of this session?']);
      expect((await client.call('list-notes')).notes).to.have.length(left);
      await client.close();
    });
  }

  it('are not cleared where nobody can be asked', async () => {
    const client = await connect();
    await client.call('add-note', { text: 'one' });
    expect(await client.failure('clear-notes')).to.contain('cannot ask');
    expect((await client.call('list-notes')).notes).to.have.length(1);
    await client.close();
  });
});
