import { expect } from 'chai';
import { matchesGlob } from '../../src/policy/glob.ts';
import type { WritePolicy } from '../../src/policy/write-policy.ts';
import { invokeFunction } from '../../src/tools/invoke-function.ts';
import { planRuntimeUpgrade } from '../../src/tools/plan-runtime-upgrade.ts';
import { rollbackFunctionRuntime } from '../../src/tools/rollback-function-runtime.ts';
import { updateFunctionRuntime } from '../../src/tools/update-function-runtime.ts';
import { closeHarnesses, startHarness } from '../harness.ts';

const seed = { regions: { 'eu-west-1': [{ name: 'prod-api', runtime: 'nodejs20.x' }] } };

describe('the limits of writes', () => {
  afterEach(closeHarnesses);

  const limits: [policy: Partial<WritePolicy>, reason: RegExp | undefined][] = [
    [{ denyFunctions: ['prod-*'] }, /--deny-functions has "prod-\*"/],
    [{ allowFunctions: ['dev-*', 'test'] }, /--allow-functions has only "dev-\*", "test"/],
    [{ allowFunctions: ['*'], denyFunctions: ['*-api'] }, /--deny-functions has "\*-api"/],
    [{ regions: ['us-east-1'] }, /--regions allows only us-east-1/],
    [{ allowFunctions: ['prod-*'], denyFunctions: ['dev-*'], regions: ['eu-west-1'] }, undefined],
  ];
  for (const [policy, reason] of limits) {
    it(`are kept by all three tools, after reading as much as anyone may: ${JSON.stringify(policy)}`, async () => {
      const { ok, refused, emulator } = await startHarness({ seed, policy });
      const { planId } = await ok(planRuntimeUpgrade, { functionName: 'prod-api' });
      const calls: [Parameters<typeof refused>[0], Record<string, unknown>][] = [
        [invokeFunction, { functionName: 'prod-api' }],
        [invokeFunction, { functionName: 'prod-api', dryRun: true }],
        [updateFunctionRuntime, { planId }],
        [rollbackFunctionRuntime, { functionName: 'prod-api' }],
      ];
      for (const [tool, args] of calls) {
        if (reason === undefined) await ok(tool, { ...args, confirm: true });
        else expect(await refused(tool, { ...args, confirm: true })).to.match(reason);
      }
      if (reason !== undefined) expect(emulator.calls.join()).not.to.match(/Update|Publish|Invoke/);
    });
  }

  it('cannot be passed by writing the function as an ARN', async () => {
    const { refused } = await startHarness({ seed, policy: { denyFunctions: ['prod-*'] } });
    const functionName = 'arn:aws:lambda:eu-west-1:123456789012:function:prod-api';
    expect(await refused(invokeFunction, { functionName, confirm: true })).to.match(
      /--deny-functions/,
    );
  });
});

describe('a pattern for function names', () => {
  const cases: [pattern: string, name: string, matches: boolean][] = [
    ['dev-*', 'dev-api', true],
    ['dev-*', 'my-dev-api', false],
    ['dev-*', 'DEV-api', false],
    ['*-api', 'dev-api', true],
    ['*', 'anything', true],
    ['api-?', 'api-1', true],
    ['api-?', 'api-12', false],
    ['a-b', 'a-b', true],
    ['a-b', 'a-bc', false],
  ];
  for (const [pattern, name, matches] of cases) {
    it(`${pattern} ${matches ? 'covers' : 'does not cover'} ${name}`, () => {
      expect(matchesGlob(pattern, name)).to.equal(matches);
    });
  }
});
