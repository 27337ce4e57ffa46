import { expect } from 'chai';
import { bodyOf, INITIALIZE, openSession, post, toolCall } from './raw-client.ts';
import { connectClient } from './sdk-client.ts';
import { KINDS, openStores, type TestStores } from './stores.ts';
import { startTask, TEST_LIMITS, type TestTask } from './tasks.ts';
import { until } from './until.ts';

const PING = toolCall(1, 'ping');

for (const kind of KINDS) {
  describe(`a session's life, ${kind} store`, () => {
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

    it('begins with initialize, under a random id', async () => {
      const one = await openSession(task.url);
      const two = await openSession(task.url);
      expect(one['mcp-session-id'])
        .to.match(/^[0-9a-f-]{36}$/)
        .and.not.equal(two['mcp-session-id']);
    });

    it('answers 400 to a request without a session header, and 404 to an unknown one', async () => {
      expect((await post(task.url, PING)).status).to.equal(400);
      for (const id of ['a6d6e1f0-0000-4000-8000-000000000000', 'made-up', '../x']) {
        const headers = { 'mcp-session-id': id };
        const response = await post(task.url, PING, headers);
        expect(response.status, id).to.equal(404);
        const { id: requestId, error } = await bodyOf(response);
        expect(requestId).to.equal(1);
        expect(error.message).to.contain('Initialize a new one');
        expect((await fetch(task.url, { headers })).status, id).to.equal(404);
        expect((await fetch(task.url, { method: 'DELETE', headers })).status, id).to.equal(404);
      }
    });

    it('ends with DELETE, and its streams end too', async () => {
      const headers = await openSession(task.url);
      const stream = await fetch(task.url, { headers });
      expect((await fetch(task.url, { method: 'DELETE', headers })).status).to.equal(204);
      await stream.text();
      expect((await post(task.url, PING, headers)).status).to.equal(404);
      expect((await fetch(task.url, { method: 'DELETE', headers })).status).to.equal(404);
    });

    it('answers 405 with Allow to other methods', async () => {
      for (const method of ['PUT', 'PATCH', 'HEAD']) {
        const response = await fetch(task.url, { method });
        expect(response.status, method).to.equal(405);
        expect(response.headers.get('allow')).to.equal('GET, POST, DELETE');
      }
    });

    it('answers 400 to a wrong version header, with what is served', async () => {
      const headers = { ...(await openSession(task.url)), 'mcp-protocol-version': '2030-01-01' };
      const requests = [{ method: 'GET' }, { method: 'DELETE' }];
      for (const init of requests) {
        expect((await fetch(task.url, { ...init, headers })).status).to.equal(400);
      }
      const { error } = await bodyOf(await post(task.url, PING, headers));
      expect(error.code).to.equal(-32022);
      expect(error.data.supported).to.include('2025-11-25').and.not.include('2026-07-28');
    });

    it('serves revision 2025-06-18 too, and refuses batches', async () => {
      const headers = await openSession(task.url, { protocolVersion: '2025-06-18' });
      expect((await post(task.url, PING, headers)).status).to.equal(200);
      const batch = await post(task.url, [PING, toolCall(2, 'ping')], headers);
      expect(batch.status).to.equal(400);
      expect(await batch.text()).to.contain('Send one message');
    });

    it('is not made of an initialize that is wrong, or too large to keep', async () => {
      const wrong = await post(task.url, { ...INITIALIZE, params: {} });
      expect(wrong.headers.get('mcp-session-id')).to.equal(null);
      const clientInfo = { name: 'x'.repeat(20_000), version: '1' };
      const large = await post(task.url, {
        ...INITIALIZE,
        params: { ...INITIALIZE.params, clientInfo },
      });
      expect(large.status).to.equal(413);
    });

    it('counts its own calls, and only those', async () => {
      const [one, two] = [await connectClient(task.url), await connectClient(task.url)];
      await one.call('ping');
      const first = await one.call('ping');
      const second = await one.call('ping');
      expect(second.sessionCalls - first.sessionCalls).to.equal(1);
      expect((await two.call('ping')).sessionCalls).to.equal(1);
      const counts = await Promise.all(Array.from({ length: 15 }, () => two.call('ping')));
      expect(new Set(counts.map(({ sessionCalls }) => sessionCalls)).size).to.equal(15);
      await one.close();
      await two.close();
    });

    it('is over after its idle time, which every call renews, and after its longest life', async () => {
      const idleMs = 600;
      const maxLifeMs = 1500;
      const limits = { ...TEST_LIMITS, idleMs, maxLifeMs };
      const brief = await startTask('brief', stores.store(limits), { limits });
      const statusOf = async (headers: Record<string, string>) =>
        (await post(brief.url, PING, headers)).status;
      const [idle, busy] = [await openSession(brief.url), await openSession(brief.url)];
      const startedAt = Date.now();
      await until('the busy session is over', async () => (await statusOf(busy)) === 404);
      expect(Date.now() - startedAt).to.be.within(maxLifeMs - 100, maxLifeMs + 500);
      expect(await statusOf(idle)).to.equal(404);
      const other = await openSession(brief.url);
      const openedAt = Date.now();
      const stream = await fetch(brief.url, { headers: other });
      await stream.text();
      expect(Date.now() - openedAt, 'its stream ends').to.be.within(idleMs - 100, idleMs + 600);
      await brief.close();
    });

    it('belongs to the client that opened it, where requests are authenticated', async () => {
      const authenticated = await startTask('auth', stores.store(TEST_LIMITS), {
        authenticate(req, _res, next) {
          const clientId = req.get('authorization') ?? '';
          req.auth = { token: clientId, clientId, scopes: [] };
          next();
        },
      });
      const opened = await post(authenticated.url, INITIALIZE, { authorization: 'alice' });
      const headers = { 'mcp-session-id': opened.headers.get('mcp-session-id') ?? '' };
      const statusFor = async (authorization: string) =>
        (await post(authenticated.url, PING, { ...headers, authorization })).status;
      expect(await statusFor('mallory')).to.equal(404);
      const answer = await post(authenticated.url, PING, { ...headers, authorization: 'alice' });
      const { sessionCalls } = (await bodyOf(answer)).result.structuredContent;
      expect(sessionCalls, 'what another client tries counts for nothing').to.equal(1);
      await authenticated.close();
    });

    it('has an id that no log line holds whole', async () => {
      const headers = await openSession(task.url);
      await post(task.url, PING, headers);
      await fetch(task.url, { method: 'DELETE', headers });
      const id = headers['mcp-session-id'] ?? '';
      const lines = JSON.stringify(task.log);
      expect(lines)
        .to.contain(`"session":"${id.slice(0, 8)}"`)
        .and.not.contain(id.slice(0, 13));
    });
  });
}
