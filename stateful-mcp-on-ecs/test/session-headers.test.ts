import { expect } from 'chai';
import { createMemoryStore } from '../src/sessions/memory-store.ts';
import { INITIALIZE, openSession, post, toolCall } from './raw-client.ts';
import { refusal } from './refusals.ts';
import { startTask, TEST_LIMITS, type TestTask } from './tasks.ts';

const PING = toolCall(7, 'ping');
const NOTIFICATION = { jsonrpc: '2.0', method: 'notifications/initialized' };
const RESPONSE = { jsonrpc: '2.0', id: 7, result: {} };
const UNKNOWN = { 'mcp-session-id': 'a6d6e1f0-0000-4000-8000-000000000000' };

describe('the headers of a session', () => {
  let task: TestTask;
  before(async () => {
    task = await startTask('A', createMemoryStore(TEST_LIMITS));
  });
  after(() => task.close());

  /** Everything that needs a session, with the id that a refusal has to have. */
  const requests = (headers: Record<string, string>): [unknown, Promise<Response>][] => [
    [7, post(task.url, PING, headers)],
    [null, post(task.url, NOTIFICATION, headers)],
    [null, post(task.url, RESPONSE, headers)],
    [null, fetch(task.url, { headers })],
    [null, fetch(task.url, { method: 'DELETE', headers })],
  ];

  it('are needed by everything but initialize: 400 without Mcp-Session-Id', async () => {
    for (const [id, response] of requests({})) {
      const refused = await refusal(await response, 400);
      expect(refused.id).to.equal(id);
      expect(refused.error.message).to.contain('Initialize a session first');
    }
  });

  for (const sessionId of [UNKNOWN['mcp-session-id'], 'made-up', '__proto__', 'x'.repeat(2000)]) {
    it(`name a session that is known: 404 to ${sessionId.slice(0, 40)}`, async () => {
      for (const [id, response] of requests({ 'mcp-session-id': sessionId })) {
        const refused = await refusal(await response, 404);
        expect(refused.id).to.equal(id);
        expect(refused.error.code).to.equal(-32001);
        expect(refused.error.message).to.contain('Initialize a new one');
      }
    });
  }

  it('name one session: 404 to two ids in a header', async () => {
    const one = (await openSession(task.url))['mcp-session-id'];
    const two = (await openSession(task.url))['mcp-session-id'];
    await refusal(await post(task.url, PING, { 'mcp-session-id': `${one}, ${two}` }), 404);
  });

  for (const version of ['2026-07-28', '2030-01-01', 'latest', '']) {
    it(`name a version that is served: 400 to "${version}", with those that are`, async () => {
      const session = await openSession(task.url);
      const headers = { ...session, 'mcp-protocol-version': version };
      for (const [id, response] of requests(headers)) {
        const refused = await refusal(await response, 400);
        expect(refused.id).to.equal(id);
        expect(refused.error.code).to.equal(-32022);
        expect(refused.error.data).to.deep.equal({
          supported: ['2025-11-25', '2025-06-18', '2025-03-26', '2024-11-05', '2024-10-07'],
          requested: version,
        });
      }
      expect((await post(task.url, PING, session)).status, 'the session is there').to.equal(200);
    });
  }

  it('are checked for initialize, too: no session is opened for a version that is not served', async () => {
    const response = await post(task.url, INITIALIZE, { 'mcp-protocol-version': '2030-01-01' });
    expect(response.headers.get('mcp-session-id')).to.equal(null);
    expect((await refusal(response, 400)).id).to.equal(INITIALIZE.id);
  });
});
