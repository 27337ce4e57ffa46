import { expect } from 'chai';
import { INITIALIZE, openSession, post, toolCall } from './raw-client.ts';
import { answerOf, refusal } from './refusals.ts';
import { KINDS, openStores, type TestStores } from './stores.ts';
import { startTask, TEST_LIMITS, type TestTask } from './tasks.ts';

const request = (method: string, params: object = {}) => ({
  jsonrpc: '2.0',
  id: 7,
  method,
  params,
});

for (const kind of KINDS) {
  describe(`messages that are wrong, ${kind} store`, () => {
    let stores: TestStores;
    let task: TestTask;
    let session: Record<string, string>;
    before(async () => {
      stores = await openStores(kind);
      task = await startTask('A', stores.store(TEST_LIMITS));
    });
    // Anew for each test: a request id is used once in a session.
    beforeEach(async () => {
      session = await openSession(task.url);
    });
    after(async () => {
      await task.close();
      await stores.close();
    });

    for (const method of ['no/such-method', 'server/discover', 'prompts/list', 'tasks/get']) {
      it(`answers -32601 to the unknown method ${method}`, async () => {
        const { id, error } = await refusal(await post(task.url, request(method), session), 200);
        expect(id).to.equal(7);
        expect(error.code).to.equal(-32601);
      });
    }

    it('answers -32602 to an unknown tool, and names it', async () => {
      const { id, error } = await answerOf(await post(task.url, toolCall(7, 'nope'), session));
      expect(id).to.equal(7);
      expect(error).to.deep.equal({
        code: -32602,
        message: 'MCP error -32602: Unknown tool: nope',
      });
    });

    it('answers -32002 to an unknown resource, and names the one that there is', async () => {
      const read = request('resources/read', { uri: 'notes://other' });
      const { error } = await refusal(await post(task.url, read, session), 200);
      expect(error.code).to.equal(-32002);
      expect(error.message).to.contain('notes://session');
      expect(error.data).to.deep.equal({ uri: 'notes://other' });
    });

    for (const [tool, args, field] of [
      ['ping', { message: 5 }, 'message'],
      ['ping', { message: 'x'.repeat(1001) }, 'message'],
      ['countdown', { seconds: 61 }, 'seconds'],
      ['add-note', {}, 'text'],
      ['add-note', { text: '' }, 'text'],
    ] as const) {
      const shown = JSON.stringify(args).slice(0, 30);
      it(`tells the model the tool and the field of the wrong argument in ${tool} ${shown}`, async () => {
        const { result } = await answerOf(await post(task.url, toolCall(7, tool, args), session));
        expect(result.isError).to.equal(true);
        const [{ text }] = result.content;
        expect(text.startsWith(`Invalid arguments for tool ${tool}: ${field}: `), text).to.equal(
          true,
        );
      });
    }

    for (const [method, params, field] of [
      ['tools/call', { arguments: {} }, 'name'],
      ['tools/call', { name: 'ping', arguments: [1] }, 'arguments'],
      ['tools/call', { name: 'add-note', arguments: 'x' }, 'arguments'],
      ['tools/list', { cursor: 5 }, 'cursor'],
      ['resources/read', {}, 'uri'],
      ['resources/subscribe', { uri: 5 }, 'uri'],
    ] as const) {
      it(`answers -32602 to ${method} ${JSON.stringify(params)}, and names the field`, async () => {
        const { id, error } = await answerOf(
          await post(task.url, request(method, params), session),
        );
        expect(id).to.equal(7);
        expect(error.code).to.equal(-32602);
        expect(error.message).to.match(new RegExp(`^params\\.${field}: `));
      });
    }

    it('answers -32602 to an initialize of the wrong shape, names its fields, and opens nothing', async () => {
      const response = await post(task.url, { ...INITIALIZE, params: { capabilities: 5 } });
      expect(response.headers.get('mcp-session-id')).to.equal(null);
      const { id, error } = await refusal(response, 200);
      expect(id).to.equal(INITIALIZE.id);
      expect(error.code).to.equal(-32602);
      for (const field of ['protocolVersion', 'capabilities', 'clientInfo']) {
        expect(error.message).to.contain(`params.${field}: `);
      }
    });
  });
}
