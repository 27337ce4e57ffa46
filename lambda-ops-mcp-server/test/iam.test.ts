import { readdirSync, readFileSync } from 'node:fs';
import { expect } from 'chai';
import * as z from 'zod';
import { findDeprecatedFunctions } from '../src/tools/find-deprecated-functions.ts';
import { getFunction } from '../src/tools/get-function.ts';
import { invokeFunction } from '../src/tools/invoke-function.ts';
import { listFunctions } from '../src/tools/list-functions.ts';
import { planRuntimeUpgrade } from '../src/tools/plan-runtime-upgrade.ts';
import { rollbackFunctionRuntime } from '../src/tools/rollback-function-runtime.ts';
import { updateFunctionRuntime } from '../src/tools/update-function-runtime.ts';
import { closeHarnesses, type Harness, startHarness } from './harness.ts';

const policyFile = z.object({ Statement: z.array(z.object({ Action: z.array(z.string()) })) });
const actionsOf = (name: string) =>
  policyFile
    .parse(JSON.parse(read(`../iam/${name}.json`)))
    .Statement.flatMap(({ Action }) => Action)
    .sort();

const LAYER = 'arn:aws:lambda:eu-west-1:123456789012:layer:tools:1';
const seed = {
  layers: [{ arn: LAYER }],
  regions: { 'eu-west-1': [{ name: 'api', runtime: 'nodejs20.x', layers: [LAYER] }] },
};

describe('the IAM policies', () => {
  afterEach(closeHarnesses);

  it('are exactly the actions in the only file that calls AWS', () => {
    const source = read('../src/aws/aws.ts');
    const actions = [...source.matchAll(/call\(\s*'([a-z]+:[A-Za-z]+)'/g)].map(
      ([, action]) => action,
    );
    expect(actions.sort()).to.deep.equal(
      [...actionsOf('read-only'), ...actionsOf('upgrade')].sort(),
    );
    expect(source.match(/new \w+Command\(/g)).to.have.length(actions.length);
    for (const file of readdirSync(new URL('../src', import.meta.url), { recursive: true })) {
      if (!String(file).endsWith('.ts') || String(file) === 'aws/aws.ts') continue;
      expect(read(`../src/${file}`), String(file)).not.to.match(
        /new \w+(Command|Client)\(.*aws|\.send\(new/i,
      );
    }
  });

  it('read-only: exactly what the reading tools send', async () => {
    const harness = await startHarness({ seed, policy: { allowsWrites: false } });
    await readEverything(harness);
    expect(sent(harness)).to.deep.equal(actionsOf('read-only'));
  });

  it('upgrade: exactly what the changing tools send on top', async () => {
    const harness = await startHarness({ seed, policy: { asksForConfirmation: false } });
    await readEverything(harness);
    const { planId } = await harness.ok(planRuntimeUpgrade, { functionName: 'api' });
    await harness.ok(updateFunctionRuntime, { planId, smokeTestPayload: {} });
    await harness.ok(rollbackFunctionRuntime, { functionName: 'api' });
    await harness.ok(invokeFunction, { functionName: 'api' });
    expect(sent(harness)).to.deep.equal(
      [...actionsOf('read-only'), ...actionsOf('upgrade')].sort(),
    );
  });
});

async function readEverything({ ok }: Harness): Promise<void> {
  await ok(findDeprecatedFunctions, { withLastInvoked: true, allVersions: true });
  await ok(listFunctions);
  await ok(getFunction, { functionName: 'api' });
  await ok(planRuntimeUpgrade, { functionName: 'api' });
}

function sent({ emulator }: Harness): string[] {
  return [...new Set(emulator.calls.map((call) => call.split(' ')[0] ?? ''))].sort();
}

function read(path: string): string {
  return readFileSync(new URL(path, import.meta.url), 'utf8');
}
