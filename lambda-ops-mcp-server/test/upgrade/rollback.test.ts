import { expect } from 'chai';
import type { FunctionSeed } from '../../src/demo/emulator/account.ts';
import { getFunction } from '../../src/tools/get-function.ts';
import { planRuntimeUpgrade } from '../../src/tools/plan-runtime-upgrade.ts';
import { rollbackFunctionRuntime } from '../../src/tools/rollback-function-runtime.ts';
import { closeHarnesses, startHarness } from '../harness.ts';

const memory = {
  'lambda-ops:previous-runtime': 'nodejs20.x',
  'lambda-ops:target-runtime': 'nodejs24.x',
  'lambda-ops:previous-version': '4',
};
const args = { functionName: 'api', confirm: true };

async function start(fn: Partial<FunctionSeed> = {}) {
  const api = { name: 'api', runtime: 'nodejs24.x', tags: memory, ...fn };
  const harness = await startHarness({ seed: { regions: { 'eu-west-1': [api] } } });
  return { ...harness, fn: harness.emulator.find('eu-west-1', 'api') };
}

describe('rollback-function-runtime', () => {
  afterEach(closeHarnesses);

  it('goes back to the runtime that the function remembers, in a process that never upgraded it', async () => {
    const { ok, fn } = await start();
    const result = await ok(rollbackFunctionRuntime, args);
    expect(result).to.include({ outcome: 'rolled-back', from: 'nodejs24.x', to: 'nodejs20.x' });
    expect(fn.config.Runtime).to.equal('nodejs20.x');
    expect(fn.tags).to.deep.equal({});
  });

  it('refuses when the function remembers nothing', async () => {
    const { refused } = await start({ tags: {} });
    expect(await refused(rollbackFunctionRuntime, args)).to.match(/no memory of an upgrade/);
  });

  it('refuses when the function runs the old runtime already', async () => {
    const { refused } = await start({ runtime: 'nodejs20.x' });
    expect(await refused(rollbackFunctionRuntime, args)).to.match(/nothing to undo/);
  });

  it('refuses from the update-block date on, and names the version that is left', async () => {
    const { refused, setToday, emulator } = await start();
    setToday('2027-03-03');
    expect(await refused(rollbackFunctionRuntime, args)).to.match(
      /no longer allows it.*nodejs20\.x.*2027-03-03.*Version 4 still runs nodejs20\.x/s,
    );
    expect(emulator.calls.join()).not.to.match(/Update/);
  });

  it('gives the reason of Lambda when it refuses in spite of the table', async () => {
    const { refused, emulator } = await start();
    emulator.blockedRuntimes.add('nodejs20.x');
    expect(await refused(rollbackFunctionRuntime, args)).to.match(
      /could not be set back.*no longer supported.*Version 4/s,
    );
  });

  it('refuses a function of a stack unless drift is accepted', async () => {
    const { refused, ok } = await start({
      tags: { ...memory, 'aws:cloudformation:stack-name': 'shop' },
    });
    expect(await refused(rollbackFunctionRuntime, args)).to.match(
      /owned by cloudformation \(shop\)/,
    );
    await ok(rollbackFunctionRuntime, { ...args, acceptDrift: true });
  });

  it('is back even if the memory cannot be removed, which the next plan explains', async () => {
    const { ok, fn, emulator } = await start();
    emulator.denied.add('lambda:UntagResource');
    await ok(rollbackFunctionRuntime, args);
    expect(fn.config.Runtime).to.equal('nodejs20.x');
    const { notes } = await ok(planRuntimeUpgrade, { functionName: 'api' });
    expect(notes.join()).to.match(/begun and has not changed the runtime.*Version 4.*new plan/s);
  });
});

describe('a process that died between two steps of an upgrade', () => {
  afterEach(closeHarnesses);

  it('leaves, before the runtime changed, a function whose plan says so and can be carried out', async () => {
    const { ok, refused } = await start({ runtime: 'nodejs20.x' });
    const plan = await ok(planRuntimeUpgrade, { functionName: 'api' });
    expect(plan.text).to.match(
      /An upgrade to nodejs24\.x was begun and has not changed the runtime/,
    );
    expect(await refused(rollbackFunctionRuntime, args)).to.match(/nothing to undo/);
  });

  it('leaves, after the runtime changed, a function that get-function explains and rollback restores', async () => {
    const { ok } = await start();
    const { upgradeState } = await ok(getFunction, { functionName: 'api' });
    expect(upgradeState).to.match(/upgraded it from nodejs20\.x to nodejs24\.x.*Version 4/s);
    expect((await ok(rollbackFunctionRuntime, args)).to).to.equal('nodejs20.x');
  });
});
