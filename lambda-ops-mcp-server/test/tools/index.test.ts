import { expect } from 'chai';
import { tools } from '../../src/tools/index.ts';
import { closeHarnesses, startHarness } from '../harness.ts';

const WRITES = ['invoke-function', 'rollback-function-runtime', 'update-function-runtime'];

describe('the list of tools', () => {
  afterEach(closeHarnesses);

  it('has a title, a description, both schemas and all four annotations on every tool', async () => {
    const { client } = await startHarness();
    const listed = (await client.listTools()).tools;
    expect(listed).to.have.length(tools.length);
    for (const tool of listed) {
      expect(tool.title, tool.name).to.match(/\w/);
      expect(tool.description?.length, tool.name).to.be.within(50, 500);
      expect(tool.inputSchema.additionalProperties, tool.name).to.equal(false);
      expect(Object.keys(tool.outputSchema?.properties ?? {}), tool.name).not.to.deep.equal([]);
      const hints = ['readOnlyHint', 'destructiveHint', 'idempotentHint', 'openWorldHint'];
      expect(tool.annotations, tool.name).to.include.all.keys(hints);
    }
  });

  it('calls exactly the tools read-only that exist without --allow-writes', async () => {
    const { client } = await startHarness();
    const changing = (await client.listTools()).tools.filter(
      ({ annotations }) => annotations?.readOnlyHint !== true,
    );
    expect(changing.map(({ name }) => name).sort()).to.deep.equal(WRITES);
  });

  it('lacks the three tools that change or run something without --allow-writes', async () => {
    const { client } = await startHarness({ policy: { allowsWrites: false } });
    const names = (await client.listTools()).tools.map(({ name }) => name);
    expect(names).to.have.length(tools.length - WRITES.length);
    expect(names.filter((name) => WRITES.includes(name))).to.deep.equal([]);
    for (const name of WRITES) {
      const { isError } = await client.callTool({ name, arguments: {} });
      expect(isError, name).to.equal(true);
    }
  });

  it('says in the instructions how to allow writes, and their limits once they are', async () => {
    const reading = await startHarness({ policy: { allowsWrites: false } });
    expect(reading.client.getInstructions()).to.match(
      /read-only.*--allow-writes.*LAMBDA_OPS_ALLOW_WRITES=true/,
    );
    const writing = await startHarness({
      policy: { denyFunctions: ['prod-*'], regions: ['eu-west-1'] },
    });
    expect(writing.client.getInstructions()).to.match(/never: prod-\*; regions: eu-west-1/);
  });

  it('refuses a misspelt argument instead of ignoring it', async () => {
    const { client } = await startHarness();
    const { content } = await client.callTool({
      name: 'invoke-function',
      arguments: { functionName: 'a', qualifer: 'live' },
    });
    expect(JSON.stringify(content)).to.match(/Unrecognized key: .*qualifer/);
  });

  it('offers the prompt for the whole way, with and without writes', async () => {
    const { client } = await startHarness();
    const name = 'upgrade-deprecated-functions';
    const { messages } = await client.getPrompt({ name, arguments: { regions: 'eu-west-1' } });
    expect(JSON.stringify(messages)).to.match(/regions: eu-west-1.*update-function-runtime/);
    const reading = await startHarness({ policy: { allowsWrites: false } });
    const readOnly = await reading.client.getPrompt({ name });
    expect(JSON.stringify(readOnly.messages)).to.match(/for all regions.*This server is read-only/);
  });

  it('offers the table as a resource', async () => {
    const { client } = await startHarness();
    const { contents } = await client.readResource({ uri: 'lambda-runtimes://table' });
    expect(JSON.stringify(contents)).to.match(/nodejs20\.x.*2026-04-30/);
  });
});
