import { expect } from 'chai';
import { openSession, post, readEvents, toolCall } from './raw-client.ts';
import { answerOf, refusal } from './refusals.ts';
import { KINDS, openStores, type TestStores } from './stores.ts';
import { startTask, TEST_LIMITS, type TestTask } from './tasks.ts';

const ASK = toolCall('ask', 'clear-notes');
const CAN_ASK = { capabilities: { elicitation: {} } };
const YES = { result: { action: 'accept', content: { confirm: true } } };
const NO = { result: { action: 'decline' } };

type Session = Record<string, string>;

for (const kind of KINDS) {
  describe(`a message about a running call, ${kind} store`, () => {
    let stores: TestStores;
    let task: TestTask;
    /** Another task where there can be one: what it hears has to go through the store. */
    let elsewhere: TestTask;
    before(async () => {
      stores = await openStores(kind);
      task = await startTask('A', stores.store(TEST_LIMITS));
      elsewhere = kind === 'memory' ? task : await startTask('B', stores.store(TEST_LIMITS));
    });
    after(async () => {
      await task.close();
      await elsewhere.close();
      await stores.close();
    });

    async function accepts(url: URL, message: object, session: Session): Promise<void> {
      const response = await post(url, { jsonrpc: '2.0', ...message }, session);
      expect(response.status, JSON.stringify(message)).to.equal(202);
      expect(await response.text()).to.equal('');
    }

    /** A session whose one note is about to be cleared, the id of the question, and the answer. */
    async function ask() {
      const session = await openSession(task.url, CAN_ASK);
      await (await post(task.url, toolCall(1, 'add-note', { text: 'keep me' }), session)).text();
      const stream = await post(task.url, ASK, session);
      return new Promise<{ session: Session; question: string; answer: Promise<string> }>(
        (resolve) => {
          const answer = readEvents(stream, ({ message }) => {
            if (message?.method) resolve({ session, question: String(message.id), answer });
            return false;
          }).then((events) => JSON.stringify(events.at(-1)?.message));
        },
      );
    }

    it("is not heard where it answers another session's question", async () => {
      const { session, question, answer } = await ask();
      const mallory = await openSession(task.url, CAN_ASK);
      for (const { url } of [task, elsewhere])
        await accepts(url, { id: question, ...YES }, mallory);
      await accepts(task.url, { id: question, ...NO }, session);
      expect(await answer).to.contain('"cleared":0');
    });

    it('cancels no call of another session that has the same request id', async () => {
      const { session, question, answer } = await ask();
      const mallory = await openSession(task.url);
      const cancel = { method: 'notifications/cancelled', params: { requestId: ASK.id } };
      for (const { url } of [task, elsewhere]) await accepts(url, cancel, mallory);
      await accepts(task.url, { id: question, ...YES }, session);
      expect(await answer).to.contain('"cleared":1');
    });

    it('is not heard where its question, or the attempt that asks it, is made up', async () => {
      const { session, question, answer } = await ask();
      for (const id of [question.replace(/\d+$/, '99'), question.replace('.1.', '.2.')]) {
        for (const { url } of [task, elsewhere]) await accepts(url, { id, ...YES }, session);
      }
      await accepts(elsewhere.url, { id: question, ...NO }, session);
      expect(await answer).to.contain('"cleared":0');
    });

    it('is refused as a second request under an id in use, and joined as the same one', async () => {
      const { session, question, answer } = await ask();
      for (const { url } of [task, elsewhere]) {
        const other = toolCall(ASK.id, 'add-note', { text: 'other' });
        const { id, error } = await refusal(await post(url, other, session), 400);
        expect(id).to.equal(ASK.id);
        expect(error.code).to.equal(-32600);
        expect(error.message).to.contain('used before');
      }
      const again = await post(elsewhere.url, ASK, session);
      await accepts(task.url, { id: question, ...YES }, session);
      expect((await answerOf(again)).result.structuredContent.cleared).to.equal(1);
      expect(await answer).to.contain('"cleared":1');
    });
  });
}
