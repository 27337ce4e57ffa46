import { expect } from 'chai';
import { openSession, post, toolCall } from './raw-client.ts';
import { answerOf } from './refusals.ts';
import { KINDS, openStores, type TestStores } from './stores.ts';
import { startTask, TEST_LIMITS, type TestTask } from './tasks.ts';

const YES = { result: { action: 'accept', content: { confirm: true } } };

for (const kind of KINDS) {
  describe(`what clients post without being asked, ${kind} store`, () => {
    let stores: TestStores;
    let task: TestTask;
    before(async () => {
      stores = await openStores(kind);
      task = await startTask('A', stores.store(TEST_LIMITS));
    });
    after(async () => {
      await task.close();
      await stores.close();
    });
    beforeEach(() => {
      task.log.length = 0;
    });

    async function accepts(message: object, session: Record<string, string>): Promise<void> {
      const response = await post(task.url, { jsonrpc: '2.0', ...message }, session);
      expect(response.status, JSON.stringify(message)).to.equal(202);
      expect(await response.text()).to.equal('');
    }

    it('is taken with 202 where it answers no question, and nothing comes of it', async () => {
      const session = await openSession(task.url);
      for (const id of [
        7,
        'x',
        '',
        `${'a'.repeat(22)}.1.0`,
        `${'a'.repeat(22)}.99999999999999999.0`,
      ]) {
        await accepts({ id, ...YES }, session);
        await accepts({ id, error: { code: -1, message: 'no' } }, session);
      }
      expect((await post(task.url, toolCall(8, 'ping'), session)).status).to.equal(200);
      expect(task.log.filter(({ level }) => level === 'ERROR')).to.deep.equal([]);
    });

    for (const [method, params] of [
      ['notifications/initialized', undefined],
      ['notifications/progress', { progressToken: 'x', progress: 1 }],
      ['notifications/cancelled', undefined],
      ['notifications/cancelled', { requestId: 'never made' }],
      ['notifications/cancelled', { requestId: {} }],
      ['notifications/roots/list_changed', {}],
      ['no/such-method', { any: 'thing' }],
      ['tools/call', { name: 'add-note', arguments: { text: 'not a request' } }],
    ] as const) {
      it(`is taken with 202 as the notification ${method} ${JSON.stringify(params)}`, async () => {
        const session = await openSession(task.url);
        await accepts({ method, ...(params && { params }) }, session);
        const { result } = await answerOf(await post(task.url, toolCall(1, 'list-notes'), session));
        expect(result.structuredContent).to.deep.equal({ notes: [] });
        expect(task.log.filter(({ level }) => level === 'ERROR')).to.deep.equal([]);
      });
    }
  });
}
