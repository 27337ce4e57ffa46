import { expect } from 'chai';
import type { FunctionSeed, Run } from '../../src/demo/emulator/account.ts';
import { planRuntimeUpgrade } from '../../src/tools/plan-runtime-upgrade.ts';
import { updateFunctionRuntime } from '../../src/tools/update-function-runtime.ts';
import { closeHarnesses, type Harness, type HarnessOptions, startHarness } from '../harness.ts';

const REGION = 'eu-west-1';
const CHANGING = /Update|Publish|:Tag|Untag|Invoke/;
const succeeds = (): Run => ({ payload: { ok: true } });
const failsOn24 = (runtime: string): Run =>
  runtime === 'nodejs24.x'
    ? { payload: { errorType: 'SyntaxError', errorMessage: 'bad' }, functionError: 'Unhandled' }
    : succeeds();

async function start(fn: Partial<FunctionSeed> = {}, options: HarnessOptions = {}) {
  const seed = {
    regions: { [REGION]: [{ name: 'api', runtime: 'nodejs20.x', run: succeeds, ...fn }] },
  };
  const harness = await startHarness({ seed, ...options });
  return { ...harness, fn: harness.emulator.find(REGION, 'api') };
}

async function planned({ ok }: Pick<Harness, 'ok'>): Promise<{ planId: string; confirm: true }> {
  const { planId } = await ok(planRuntimeUpgrade, { functionName: 'api' });
  return { planId, confirm: true };
}

const changes = ({ emulator }: Pick<Harness, 'emulator'>) =>
  emulator.calls.map((call) => call.split(' ')[0] ?? '').filter((action) => CHANGING.test(action));

describe('update-function-runtime', () => {
  afterEach(closeHarnesses);

  it('publishes a version, remembers the old runtime on the function, changes it and waits', async () => {
    const harness = await start();
    const result = await harness.ok(updateFunctionRuntime, await planned(harness));
    expect(result).to.deep.include({
      ...{ outcome: 'upgraded', from: 'nodejs20.x', to: 'nodejs24.x', runtime: 'nodejs24.x' },
      ...{ publishedVersion: '1', reason: null, smokeTest: null },
    });
    const { config, versions, tags } = harness.fn;
    expect(config).to.include({ Runtime: 'nodejs24.x', LastUpdateStatus: 'Successful' });
    expect(versions[0]?.runtime).to.equal('nodejs20.x');
    expect(tags).to.deep.equal({
      'lambda-ops:previous-runtime': 'nodejs20.x',
      'lambda-ops:target-runtime': 'nodejs24.x',
      'lambda-ops:previous-version': '1',
    });
    expect(changes(harness)).to.deep.equal([
      'lambda:PublishVersion',
      'lambda:TagResource',
      'lambda:UpdateFunctionConfiguration',
    ]);
  });

  it('knows its own change when the answer to it was lost and the SDK sent it again', async () => {
    const harness = await start();
    const args = await planned(harness);
    harness.emulator.unanswered.set('lambda:UpdateFunctionConfiguration', 1);
    const { outcome } = await harness.ok(updateFunctionRuntime, args);
    expect(outcome).to.equal('upgraded');
    expect(harness.fn.config.Runtime).to.equal('nodejs24.x');
    const sent = changes(harness).filter((action) => action.includes('UpdateFunction'));
    expect(sent).to.have.length(2);
  });

  it('runs the smoke test on the new runtime, and reports it', async () => {
    const harness = await start({ run: (runtime, event) => ({ payload: { runtime, event } }) });
    const args = { ...(await planned(harness)), smokeTestPayload: { id: 7 } };
    const { smokeTest, text } = await harness.ok(updateFunctionRuntime, args);
    expect(smokeTest?.payload).to.deep.equal({ runtime: 'nodejs24.x', event: { id: 7 } });
    expect(text).to.match(/The smoke test passed/);
  });

  it('rolls back by itself when the smoke test fails, and says so', async () => {
    const harness = await start({ run: failsOn24 });
    const args = { ...(await planned(harness)), smokeTestPayload: {} };
    const result = await harness.ok(updateFunctionRuntime, args);
    expect(result).to.include({ outcome: 'rolled-back', runtime: 'nodejs20.x' });
    expect(result.text).to.match(
      /Not upgraded: .*set back to nodejs20\.x.*smoke test failed: SyntaxError: bad/,
    );
    expect(harness.fn.config.Runtime).to.equal('nodejs20.x');
    expect(harness.fn.tags).to.deep.equal({});
  });

  it('rolls back by itself when Lambda fails to update the function', async () => {
    const harness = await start({ failingUpdates: { 'nodejs24.x': 'The KMS key is disabled.' } });
    const result = await harness.ok(updateFunctionRuntime, await planned(harness));
    expect(result).to.include({ outcome: 'rolled-back' });
    expect(result.reason).to.match(/could not update the function: The KMS key is disabled/);
    expect(harness.fn.config.Runtime).to.equal('nodejs20.x');
  });

  it('rolls back when the smoke test cannot be run after all', async () => {
    const harness = await start();
    const args = { ...(await planned(harness)), smokeTestPayload: {} };
    harness.emulator.before.set('lambda:UpdateFunctionConfiguration', () => {
      harness.emulator.denied.add('lambda:InvokeFunction');
    });
    const result = await harness.ok(updateFunctionRuntime, args);
    expect(result.outcome).to.equal('rolled-back');
    expect(result.reason).to.match(/could not be checked.*lambda:InvokeFunction/);
  });

  it('is an error with the way out when neither the upgrade nor the way back works', async () => {
    const harness = await start({ run: failsOn24 });
    const args = { ...(await planned(harness)), smokeTestPayload: {} };
    harness.emulator.blockedRuntimes.add('nodejs20.x');
    const result = await harness.call(updateFunctionRuntime, args);
    expect(result.isError).to.equal(true);
    expect(result.structuredContent).to.include({ outcome: 'rollback-failed', runtime: null });
    expect(JSON.stringify(result)).to.match(/ATTENTION.*no longer supported.*Version 1.*alias/);
  });

  it('says that Lambda is not done when the wait ends, and leaves the memory for a rollback', async () => {
    const harness = await start({}, { deadlineMs: 0 });
    const result = await harness.ok(updateFunctionRuntime, await planned(harness));
    expect(result).to.include({ outcome: 'not-finished', runtime: null });
    expect(result.nextSteps.join()).to.match(/get-function/);
    expect(harness.fn.tags).to.include({ 'lambda-ops:previous-runtime': 'nodejs20.x' });
  });

  it('waits for the snapshot of a SnapStart version before it changes the runtime', async () => {
    const harness = await start({ runtime: 'python3.12', hasSnapStart: true });
    await harness.ok(updateFunctionRuntime, await planned(harness));
    expect(harness.fn.versions[0]?.pendingReads).to.equal(0);
    expect(harness.fn.config.Runtime).to.equal('python3.14');
  });

  describe('refuses, and changes nothing,', () => {
    it('without a plan, or with one that was never made', async () => {
      const harness = await start();
      expect(await harness.refused(updateFunctionRuntime, { confirm: true })).to.match(/planId/);
      const planId = '00000000-0000-4000-8000-000000000000';
      expect(await harness.refused(updateFunctionRuntime, { planId, confirm: true })).to.match(
        /no valid plan.*plan-runtime-upgrade/s,
      );
      expect(changes(harness)).to.deep.equal([]);
    });

    it('when the plan is 30 minutes old', async () => {
      const harness = await start();
      const args = await planned(harness);
      harness.wait(30 * 60 * 1000);
      expect(await harness.refused(updateFunctionRuntime, args)).to.match(/older than 30 minutes/);
      expect(changes(harness)).to.deep.equal([]);
    });

    it('when the plan was carried out already', async () => {
      const harness = await start();
      const args = await planned(harness);
      await harness.ok(updateFunctionRuntime, args);
      expect(await harness.refused(updateFunctionRuntime, args)).to.match(/already carried out/);
    });

    it('when the function was changed after the plan', async () => {
      const harness = await start();
      const args = await planned(harness);
      harness.fn.config.RevisionId = 'another';
      expect(await harness.refused(updateFunctionRuntime, args)).to.match(
        /changed after the plan.*new plan/s,
      );
      expect(changes(harness)).to.deep.equal([]);
    });

    it('when the function is being updated', async () => {
      const harness = await start();
      const args = await planned(harness);
      harness.fn.config.LastUpdateStatus = 'InProgress';
      harness.fn.update = { readsLeft: 9, from: 'nodejs20.x', failure: undefined };
      expect(await harness.refused(updateFunctionRuntime, args)).to.match(
        /being updated right now/,
      );
      expect(changes(harness)).to.deep.equal([]);
    });

    it('when the arguments beside the plan id name something else', async () => {
      const harness = await start();
      const args = await planned(harness);
      for (const other of [
        { functionName: 'web' },
        { region: 'us-east-1' },
        { targetRuntime: 'nodejs22.x' },
      ]) {
        expect(await harness.refused(updateFunctionRuntime, { ...args, ...other })).to.match(
          /plan is for api in eu-west-1 to nodejs24\.x/,
        );
      }
      await harness.ok(updateFunctionRuntime, { ...args, functionName: 'api', region: REGION });
    });

    it('when a stack owns the function, unless drift is accepted', async () => {
      const tags = { 'aws:cloudformation:stack-name': 'shop' };
      const harness = await start({ tags });
      const args = await planned(harness);
      expect(await harness.refused(updateFunctionRuntime, args)).to.match(
        /owned by cloudformation \(shop\).*acceptDrift: true/s,
      );
      expect(changes(harness)).to.deep.equal([]);
      const accepted = { ...args, acceptDrift: true };
      expect((await harness.ok(updateFunctionRuntime, accepted)).outcome).to.equal('upgraded');
    });

    it('when the smoke test may not be run', async () => {
      const harness = await start();
      const args = { ...(await planned(harness)), smokeTestPayload: {} };
      harness.emulator.denied.add('lambda:InvokeFunction');
      expect(await harness.refused(updateFunctionRuntime, args)).to.match(/lambda:InvokeFunction/);
      expect(harness.fn.versions).to.deep.equal([]);
    });
  });

  describe('when another change comes in between', () => {
    it('loses to one that comes before the version is published, and changes nothing', async () => {
      const harness = await start();
      const args = await planned(harness);
      harness.emulator.before.set('lambda:PublishVersion', () => {
        harness.fn.config.RevisionId = 'another';
      });
      expect(await harness.refused(updateFunctionRuntime, args)).to.match(
        /changed by someone else/,
      );
      expect(harness.fn.config.Runtime).to.equal('nodejs20.x');
      expect(harness.fn.tags).to.deep.equal({});
    });

    it('notices one that comes while the version is published', async () => {
      const harness = await start();
      const args = await planned(harness);
      harness.emulator.before.set('lambda:TagResource', () => {
        harness.fn.config.MemorySize = 512;
        harness.fn.config.RevisionId = 'another';
      });
      expect(await harness.refused(updateFunctionRuntime, args)).to.match(
        /changed by someone else.*did not change the runtime.*version 1 was published/s,
      );
      expect(harness.fn.config.Runtime).to.equal('nodejs20.x');
    });

    it('loses to one that comes at the last moment', async () => {
      const harness = await start();
      const args = await planned(harness);
      harness.emulator.before.set('lambda:UpdateFunctionConfiguration', () => {
        harness.fn.config.RevisionId = 'another';
      });
      expect(await harness.refused(updateFunctionRuntime, args)).to.match(
        /changed by someone else.*version 1/s,
      );
      expect(harness.fn.config.Runtime).to.equal('nodejs20.x');
    });

    it('lets one of two upgrades at once win, and tells the other', async () => {
      const harness = await start();
      const [first, second] = [await planned(harness), await planned(harness)];
      const results = await Promise.all([
        harness.call(updateFunctionRuntime, first),
        harness.call(updateFunctionRuntime, second),
      ]);
      const lost = results.filter(({ isError }) => isError === true);
      expect(lost).to.have.length(1);
      expect(JSON.stringify(lost)).to.match(/changed|being (created or )?updated/);
      expect(harness.fn.config.Runtime).to.equal('nodejs24.x');
    });

    it('lets one of two calls with the same plan carry it out', async () => {
      const harness = await start();
      const args = await planned(harness);
      const results = await Promise.all([
        harness.call(updateFunctionRuntime, args),
        harness.call(updateFunctionRuntime, args),
      ]);
      expect(results.filter(({ isError }) => isError === true)).to.have.length(1);
      expect(
        changes(harness).filter((action) => action === 'lambda:PublishVersion'),
      ).to.have.length(1);
    });
  });

  it('stops before the runtime when the memory cannot be written, and says what is left', async () => {
    const harness = await start();
    harness.emulator.denied.add('lambda:TagResource');
    const text = await harness.refused(updateFunctionRuntime, await planned(harness));
    expect(text).to.match(/lambda:TagResource.*did not change the runtime of api; version 1/s);
    expect(harness.fn.config.Runtime).to.equal('nodejs20.x');
  });

  it('keeps payloads, plan ids and results out of the log', async () => {
    const harness = await start({ run: () => ({ payload: { token: 'result-secret' } }) });
    const args = await planned(harness);
    await harness.ok(updateFunctionRuntime, {
      ...args,
      smokeTestPayload: { token: 'event-secret' },
    });
    expect(harness.log.join('')).to.match(/update-function-runtime/);
    expect(harness.log.join('')).not.to.match(new RegExp(`secret|${args.planId}`));
  });
});
