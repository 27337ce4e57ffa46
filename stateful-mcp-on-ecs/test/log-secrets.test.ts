import { expect } from 'chai';
import { INITIALIZE, openSession, post, readEvents, toolCall } from './raw-client.ts';
import { KINDS, openStores, type TestStores } from './stores.ts';
import { startTask, TEST_LIMITS, type TestTask } from './tasks.ts';
import { until } from './until.ts';

const SECRET = 's3cr3t';
const CAN_ASK = { capabilities: { elicitation: {} } };

for (const kind of KINDS) {
  describe(`the log, ${kind} store`, () => {
    let stores: TestStores;
    let task: TestTask;
    before(async () => {
      stores = await openStores(kind);
      task = await startTask('A', stores.store(TEST_LIMITS));
    });
    beforeEach(() => {
      task.log.length = 0;
    });
    after(async () => {
      await task.close();
      await stores.close();
    });

    const requestLines = () => task.log.filter(({ message }) => message === 'request');

    it('never holds a payload, a header, a token, a path, or a name that is not ours', async () => {
      const session = await openSession(task.url);
      const headers = {
        ...session,
        authorization: SECRET,
        cookie: SECRET,
        'x-request-id': `bad id ${SECRET}`,
      };
      const sent = [
        [toolCall(1, SECRET, { [SECRET]: SECRET }), {}],
        [toolCall(2, 'add-note', { text: SECRET }), {}],
        [toolCall(3, 'ping', { message: { [SECRET]: SECRET } }), {}],
        [{ jsonrpc: '2.0', id: SECRET, method: SECRET, params: { [SECRET]: SECRET } }, {}],
        [{ jsonrpc: '2.0', id: 4, method: 'resources/read', params: { uri: SECRET } }, {}],
        [{ jsonrpc: '2.0', method: SECRET, params: { [SECRET]: SECRET } }, {}],
        [{ jsonrpc: '2.0', id: SECRET, result: { [SECRET]: SECRET } }, {}],
        [{ ...INITIALIZE, params: { [SECRET]: SECRET } }, {}],
        [`{${SECRET}`, {}],
        [toolCall(5, 'ping'), { 'mcp-protocol-version': SECRET }],
        [toolCall(6, 'ping'), { 'mcp-session-id': SECRET }],
        [toolCall(7, 'ping'), { 'content-type': SECRET }],
        [toolCall(8, 'ping'), { origin: `https://${SECRET}` }],
      ] as const;
      for (const [message, others] of sent) {
        await (await post(task.url, message, { ...headers, ...others })).text();
      }
      await fetch(new URL(`/${SECRET}?${SECRET}`, task.url), { headers });
      await fetch(task.url, { headers: { ...headers, 'last-event-id': SECRET } });
      await until('all is logged', () => requestLines().length === sent.length + 3);
      expect(JSON.stringify(task.log)).not.to.contain(SECRET);
      expect(JSON.stringify(task.log)).not.to.contain(session['mcp-session-id']?.slice(0, 13));
    });

    for (const [what, answer] of Object.entries({
      'an error': { error: { code: -1, message: SECRET, data: SECRET } },
      'an unknown action': { result: { action: SECRET } },
      'a content of the wrong shape': { result: { action: 'accept', content: { [SECRET]: {} } } },
    })) {
      it(`never holds what a client answers a question with: ${what}`, async () => {
        const session = await openSession(task.url, CAN_ASK);
        await (await post(task.url, toolCall(1, 'add-note', { text: 'one' }), session)).text();
        const stream = await post(task.url, toolCall(2, 'clear-notes'), session);
        const events = await readEvents(stream, ({ message }) => {
          if (!message?.method) return false;
          const made = String(message.id).replace(/\d+$/, '99');
          for (const id of [made, message.id]) {
            void post(task.url, { jsonrpc: '2.0', id, ...answer }, session);
          }
          return false;
        });
        const told = JSON.stringify(events.at(-1)?.message);
        expect(told).to.contain('"isError":true').and.contain('Ask the user');
        await until('both answers are logged', () => requestLines().length === 5);
        expect(JSON.stringify(task.log)).not.to.contain(SECRET);
      });
    }
  });
}
