import { expect } from 'chai';
import { bodyOf, INITIALIZE, openSession, post, readEvents, toolCall } from './raw-client.ts';
import { refusal } from './refusals.ts';
import { KINDS, openStores, type TestStores } from './stores.ts';
import { startTask, TEST_LIMITS, type TestTask } from './tasks.ts';

/** From 2025-11-25 on, a stream begins with an event that holds nothing but its id. */
const REVISIONS = {
  '2025-11-25': { isPrimed: true },
  '2025-06-18': { isPrimed: false },
  '2025-03-26': { isPrimed: false },
  '2024-11-05': { isPrimed: false },
  // The SDK agrees to it.
  '2024-10-07': { isPrimed: false },
};

for (const kind of KINDS) {
  describe(`revisions of the protocol, ${kind} store`, () => {
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

    for (const [protocolVersion, { isPrimed }] of Object.entries(REVISIONS)) {
      describe(protocolVersion, () => {
        let session: Record<string, string>;
        beforeEach(async () => {
          session = await openSession(task.url, { protocolVersion });
        });

        it('is agreed to, and served with and without its header', async () => {
          const params = { ...INITIALIZE.params, protocolVersion };
          const opened = await bodyOf(await post(task.url, { ...INITIALIZE, params }));
          expect(opened.result.protocolVersion).to.equal(protocolVersion);
          const named = { ...session, 'mcp-protocol-version': protocolVersion };
          for (const [id, headers] of [session, named].entries()) {
            const { result } = await bodyOf(await post(task.url, toolCall(id, 'ping'), headers));
            expect(result.structuredContent.sessionCalls).to.equal(id + 1);
          }
        });

        it(`has streams that ${isPrimed ? 'begin' : 'do not begin'} with an empty event`, async () => {
          const note = toolCall(1, 'add-note', { text: 'one' });
          const answered = await (await post(task.url, note, session)).text();
          expect(answered.includes('\ndata:\n\n')).to.equal(isPrimed);
          expect(answered).to.contain('"count":1');
          const opened = await fetch(task.url, { headers: session });
          const reader = opened.body?.getReader();
          const first = await reader?.read();
          expect(new TextDecoder().decode(first?.value).includes('\ndata:\n\n')).to.equal(isPrimed);
          await reader?.cancel();
        });

        it('has no batches here', async () => {
          const batch = [toolCall(1, 'ping'), toolCall(2, 'ping')];
          const { error } = await refusal(await post(task.url, batch, session), 400);
          expect(error.message).to.contain('Send one message');
        });
      });
    }

    it('all resume a stream after the last event that its client has', async () => {
      const resumptions = Object.keys(REVISIONS).map(async (protocolVersion) => {
        const session = await openSession(task.url, { protocolVersion });
        const stream = await post(task.url, toolCall(1, 'countdown', { seconds: 1 }), session);
        const seen = await readEvents(stream, ({ message }) => message !== undefined);
        expect(seen.at(-1)?.message?.params?.progress).to.equal(1);
        const headers = { ...session, 'last-event-id': seen.at(-1)?.id ?? '' };
        const rest = await readEvents(await fetch(task.url, { headers }));
        const messages = rest.flatMap(({ message }) => message ?? []);
        expect(messages.map(({ id }) => id)).to.deep.equal([1]);
      });
      await Promise.all(resumptions);
    });

    for (const unknown of ['2026-07-28', '1.0']) {
      it(`are negotiated: who asks for ${unknown} is offered 2025-11-25`, async () => {
        const params = { ...INITIALIZE.params, protocolVersion: unknown };
        const { result } = await bodyOf(await post(task.url, { ...INITIALIZE, params }));
        expect(result.protocolVersion).to.equal('2025-11-25');
      });
    }
  });
}
