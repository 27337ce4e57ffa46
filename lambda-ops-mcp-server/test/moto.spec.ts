import { CreateFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { CallToolResultSchema } from '@modelcontextprotocol/sdk/types.js';
import { expect } from 'chai';
import { emulatedEnvironment } from '../src/demo/emulated-environment.ts';

/** Against moto (https://docs.getmoto.org), an emulation of AWS by others: `npm run test:moto`. */
const endpoint = process.env.MOTO_URL;
const FUNCTIONS = { 'moto-old': 'python3.9', 'moto-new': 'python3.14', 'moto-node': 'nodejs18.x' };

describe('against moto', () => {
  const client = new Client({ name: 'moto-test', version: '1.0.0' });

  before(async () => {
    if (endpoint === undefined) {
      throw new Error('Set MOTO_URL to a running moto_server, for example http://127.0.0.1:5000.');
    }
    Object.assign(process.env, emulatedEnvironment(endpoint));
    await seed(endpoint);
    await client.connect(
      new StdioClientTransport({
        command: process.execPath,
        args: ['--import', 'tsx', 'src/index.ts', ...FLAGS],
        env: { PATH: process.env.PATH ?? '', ...emulatedEnvironment(endpoint) },
        stderr: 'ignore',
      }),
    );
  });
  after(() => client.close());

  it('lists functions with the status of their runtimes', async () => {
    const { functions } = await call('list-functions', { nameContains: 'moto-old' });
    expect(functions).to.have.length(1);
    expect(JSON.stringify(functions)).to.match(/"python3\.9","status":"deprecated"/);
  });

  it('finds the deprecated ones in a region that is named', async () => {
    const { totals } = await call('find-deprecated-functions', { regions: ['eu-west-1'] });
    expect(totals).to.deep.include({ found: 2, scanned: 3 });
  });

  it('shows one function', async () => {
    const answer = await call('get-function', { functionName: 'moto-node' });
    expect(answer).to.include({
      runtime: 'nodejs18.x',
      status: 'deprecated',
      handler: 'index.handler',
    });
  });

  it('upgrades a function with a smoke test, and goes back', async () => {
    const { planId } = await call('plan-runtime-upgrade', { functionName: 'moto-old' });
    const upgraded = await call('update-function-runtime', { planId, smokeTestPayload: {} });
    expect(upgraded).to.include({ outcome: 'upgraded', runtime: 'python3.14' });
    const back = await call('rollback-function-runtime', { functionName: 'moto-old' });
    expect(back).to.include({ from: 'python3.14', to: 'python3.9' });
  });

  it('invokes a function', async () => {
    const { statusCode } = await call('invoke-function', { functionName: 'moto-new', payload: {} });
    expect(statusCode).to.equal(200);
  });

  async function call(name: string, args: Record<string, unknown>) {
    const result = CallToolResultSchema.parse(await client.callTool({ name, arguments: args }));
    expect(result.isError, JSON.stringify(result.content)).to.equal(undefined);
    return result.structuredContent ?? {};
  }
});

const FLAGS = ['--offline', '--today', '2026-11-22', '--allow-writes', '--no-confirm'];

async function seed(url: string): Promise<void> {
  // Without Docker moto answers invocations by itself.
  await post(`${url}/moto-api/reset`, '');
  await post(`${url}/moto-api/config`, JSON.stringify({ lambda: { use_docker: false } }));
  await post(url, new URLSearchParams(CREATE_ROLE).toString(), {
    'content-type': 'application/x-www-form-urlencoded',
    authorization: 'AWS4-HMAC-SHA256 Credential=EMULATED/20261122/us-east-1/iam/aws4_request',
  });
  const lambda = new LambdaClient();
  for (const [FunctionName, Runtime] of Object.entries(FUNCTIONS)) {
    await lambda.send(
      new CreateFunctionCommand({
        FunctionName,
        // The values above are runtimes of the SDK's own list.
        Runtime: Runtime as 'python3.9',
        Handler: 'index.handler',
        Role: 'arn:aws:iam::123456789012:role/emulated',
        Code: { ZipFile: Buffer.from('not opened') },
      }),
    );
  }
}

const CREATE_ROLE = {
  Action: 'CreateRole',
  Version: '2010-05-08',
  RoleName: 'emulated',
  AssumeRolePolicyDocument: JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
    ],
  }),
};

async function post(
  url: string,
  body: string,
  headers: Record<string, string> = {},
): Promise<void> {
  const response = await fetch(url, { method: 'POST', body, headers });
  if (!response.ok) throw new Error(`moto answered ${response.status}: ${await response.text()}`);
}
