import { connect } from 'node:net';
import { expect } from 'chai';
import { INITIALIZE, openSession, post, toolCall } from './raw-client.ts';
import { refusal } from './refusals.ts';
import { KINDS, openStores, type TestStores } from './stores.ts';
import { startTask, TEST_LIMITS, type TestTask } from './tasks.ts';
import { until } from './until.ts';

for (const kind of KINDS) {
  describe(`the limit of concurrent calls, ${kind} store`, () => {
    let stores: TestStores;
    let task: TestTask;
    beforeEach(async () => {
      stores = await openStores(kind);
      task = await startTask('A', stores.store(TEST_LIMITS), { maxConcurrentCalls: 1 });
    });
    afterEach(async () => {
      await task.close();
      await stores.close();
    });

    it('refuses more at once with 503 and Retry-After, and takes the next when one has left', async () => {
      const [session, other] = [await openSession(task.url), await openSession(task.url)];
      const aborter = new AbortController();
      // Its stream has begun when fetch resolves: from then on, the call is known to run.
      await fetch(task.url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'application/json, text/event-stream',
          ...session,
        },
        body: JSON.stringify(toolCall(1, 'countdown', { seconds: 60 })),
        signal: aborter.signal,
      });
      const ping = toolCall(2, 'ping');
      for (const [message, headers] of [
        [ping, session],
        [ping, other],
        [INITIALIZE, {}],
      ] as const) {
        const response = await post(task.url, message, headers);
        expect(response.headers.get('retry-after')).to.equal('1');
        expect(response.headers.get('mcp-session-id')).to.equal(null);
        const { id, error } = await refusal(response, 503);
        expect(id).to.equal(message.id);
        expect(error.message).to.contain('limit of concurrent calls');
      }
      expect((await fetch(new URL('/health', task.url))).status).to.equal(200);
      const stream = await fetch(task.url, { headers: session });
      expect(stream.status, 'streams have a limit of their own').to.equal(200);
      await stream.body?.cancel();

      aborter.abort();
      await until('the next call is taken', async () => {
        const { status } = await post(task.url, ping, other);
        return status === 200;
      });
    });

    it('counts no client that hung up in mid-body', async () => {
      const session = await openSession(task.url);
      task.log.length = 0;
      const head = `POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n`;
      for (let client = 0; client < 3; client += 1) {
        const socket = connect(Number(task.url.port), '127.0.0.1');
        socket.write(`${head}Content-Length: 500\r\n\r\n{"jsonrpc"`, () => socket.destroy());
      }
      await until('they are gone', () => task.log.length === 3);
      expect((await post(task.url, toolCall(3, 'ping'), session)).status).to.equal(200);
    });
  });
}
