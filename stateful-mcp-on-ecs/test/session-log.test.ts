import { expect } from 'chai';
import * as z from 'zod';
import { createMemoryStore } from '../src/sessions/memory-store.ts';
import { tools } from '../src/tools/index.ts';
import { defineTool } from '../src/tools/tool.ts';
import { openSession, post, toolCall } from './raw-client.ts';
import { answerOf, refusal } from './refusals.ts';
import { KINDS, openStores, type TestStores } from './stores.ts';
import { startTask, TEST_LIMITS, type TestTask } from './tasks.ts';
import { until } from './until.ts';

const failing = defineTool({
  name: 'failing',
  title: 'Failing',
  description: 'Fails.',
  inputSchema: z.object({}),
  outputSchema: z.object({}),
  annotations: {
    readOnlyHint: true,
    destructiveHint: false,
    idempotentHint: true,
    openWorldHint: false,
  },
  run() {
    throw new TypeError('the database is away');
  },
});

for (const kind of KINDS) {
  describe(`what is logged, ${kind} store`, () => {
    let stores: TestStores;
    let task: TestTask;
    before(async () => {
      stores = await openStores(kind);
      task = await startTask('A', stores.store(TEST_LIMITS), { tools: [...tools, failing] });
    });
    beforeEach(() => {
      task.log.length = 0;
    });
    after(async () => {
      await task.close();
      await stores.close();
    });

    it('is one line per request, with the first characters of its session', async () => {
      const session = await openSession(task.url);
      const call = toolCall(1, 'ping', { message: 'hi' });
      await post(task.url, call, { ...session, 'x-request-id': 'req-1' });
      const stream = await fetch(task.url, { headers: session });
      await fetch(task.url, { method: 'DELETE', headers: session });
      await stream.text();
      await until('the stream is logged', () => task.log.length === 4);
      const common = {
        level: 'INFO',
        message: 'request',
        route: '/mcp',
        session: session['mcp-session-id']?.slice(0, 8),
      };
      const lines = task.log.map(({ timestamp, milliseconds, requestId, ...line }) => {
        expect(milliseconds).to.be.a('number');
        expect(Date.parse(String(timestamp))).to.be.above(0);
        return line;
      });
      expect(lines).to.have.deep.members([
        { ...common, mcpMethod: 'initialize', httpMethod: 'POST', status: 200 },
        { ...common, mcpMethod: 'tools/call', tool: 'ping', httpMethod: 'POST', status: 200 },
        { ...common, httpMethod: 'GET', status: 200 },
        { ...common, httpMethod: 'DELETE', status: 204 },
      ]);
      expect(task.log[1]).to.include({ requestId: 'req-1' });
    });

    it('has the cause of a tool that throws, while the model gets a next step', async () => {
      const session = await openSession(task.url);
      const { result } = await answerOf(await post(task.url, toolCall(1, 'failing'), session));
      expect(result.isError).to.equal(true);
      expect(JSON.stringify(result)).to.contain('Try once more').and.not.to.contain('database');
      const cause = 'TypeError: the database is away';
      expect(task.log).to.have.length(3);
      expect(task.log[1]).to.include({ level: 'ERROR', tool: 'failing', cause });
    });
  });
}

describe('a failure that nobody expected', () => {
  let task: TestTask;
  before(async () => {
    const store = createMemoryStore(TEST_LIMITS);
    const touchSession = () => Promise.reject(new RangeError('the disk is full'));
    task = await startTask('A', { ...store, touchSession });
  });
  after(() => task.close());

  it('is 500 with the id of its request; its cause is in the log and nowhere else', async () => {
    const session = await openSession(task.url);
    for (const [id, response] of [
      [7, await post(task.url, toolCall(7, 'ping'), session)],
      [null, await fetch(task.url, { headers: session })],
    ] as const) {
      const refused = await refusal(response, 500);
      expect(refused.id).to.equal(id);
      expect(refused.error.code).to.equal(-32603);
      expect(refused.error.message).to.contain('in its log').and.not.contain('disk');
    }
    const causes = task.log.flatMap(({ level, cause }) => (level === 'ERROR' ? [cause] : []));
    const cause = 'RangeError: the disk is full';
    expect(causes).to.deep.equal([cause, cause]);
  });
});
