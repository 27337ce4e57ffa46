import { expect } from 'chai';
import { invokeFunction } from '../../src/tools/invoke-function.ts';
import { planRuntimeUpgrade } from '../../src/tools/plan-runtime-upgrade.ts';
import { rollbackFunctionRuntime } from '../../src/tools/rollback-function-runtime.ts';
import { updateFunctionRuntime } from '../../src/tools/update-function-runtime.ts';
import { closeHarnesses, type HarnessOptions, startHarness } from '../harness.ts';

const seed = {
  regions: {
    'eu-west-1': [
      { name: 'api', runtime: 'nodejs20.x' },
      {
        name: 'done',
        runtime: 'nodejs24.x',
        tags: { 'lambda-ops:previous-runtime': 'nodejs20.x' },
      },
    ],
  },
};

async function start(options: HarnessOptions) {
  const harness = await startHarness({ seed, ...options });
  const { planId } = await harness.ok(planRuntimeUpgrade, { functionName: 'api' });
  const calls: [Parameters<typeof harness.call>[0], Record<string, unknown>][] = [
    [updateFunctionRuntime, { planId }],
    [rollbackFunctionRuntime, { functionName: 'done' }],
    [invokeFunction, { functionName: 'api' }],
  ];
  const changes = () =>
    harness.emulator.calls.filter((call) => /Update|Publish|Untag|Invoke/.test(call));
  return { ...harness, calls, changes };
}

describe('confirmation', () => {
  afterEach(closeHarnesses);

  it('asks the person where the client can, with function, region, from and to', async () => {
    const questions: string[] = [];
    const { calls, ok } = await start({
      person: (question) => {
        questions.push(question);
        return 'accept';
      },
    });
    for (const [tool, args] of calls) await ok(tool, args);
    expect(questions[0]).to.match(/Upgrade api in eu-west-1 from nodejs20\.x to nodejs24\.x\?/);
    expect(questions[1]).to.match(/Set done in eu-west-1 back from nodejs24\.x to nodejs20\.x\?/);
    expect(questions[2]).to.match(/Run api \(eu-west-1\) once/);
  });

  for (const answer of ['decline', 'cancel'] as const) {
    it(`changes nothing when the person answers ${answer}, even if the call says confirm: true`, async () => {
      const { calls, refused, changes } = await start({ person: () => answer });
      for (const [tool, args] of calls) {
        expect(await refused(tool, { ...args, confirm: true })).to.match(
          /did not confirm.*Nothing was changed/,
        );
      }
      expect(changes()).to.deep.equal([]);
    });
  }

  it('needs confirm: true where the client cannot ask', async () => {
    const { calls, refused, ok, changes } = await start({});
    for (const [tool, args] of calls) {
      expect(await refused(tool, args)).to.match(/Not confirmed.*`confirm: true`/);
      expect(await refused(tool, { ...args, confirm: false })).to.match(/Not confirmed/);
    }
    expect(changes()).to.deep.equal([]);
    for (const [tool, args] of calls) await ok(tool, { ...args, confirm: true });
  });

  it('is lifted by --no-confirm, with and without a client that can ask', async () => {
    for (const person of [undefined, () => 'decline' as const]) {
      const { calls, ok } = await start({
        policy: { asksForConfirmation: false },
        ...(person === undefined ? {} : { person }),
      });
      for (const [tool, args] of calls) await ok(tool, args);
    }
  });

  it('leaves the plan usable after a refusal', async () => {
    const answers: ('decline' | 'accept')[] = ['decline', 'accept'];
    const { calls, refused, ok } = await start({ person: () => answers.shift() ?? 'cancel' });
    const [tool, args] = calls[0] ?? [updateFunctionRuntime, {}];
    await refused(tool, args);
    await ok(tool, args);
  });

  it('warns in the question that there is no way back, and of drift', async () => {
    const questions: string[] = [];
    const harness = await startHarness({
      seed: {
        regions: {
          'eu-west-1': [
            {
              name: 'old',
              runtime: 'nodejs12.x',
              tags: { 'aws:cloudformation:stack-name': 'shop' },
            },
          ],
        },
      },
      person: (question) => {
        questions.push(question);
        return 'decline';
      },
    });
    const { planId } = await harness.ok(planRuntimeUpgrade, { functionName: 'old' });
    await harness.refused(updateFunctionRuntime, { planId, acceptDrift: true });
    expect(questions[0]).to.match(
      /no way back to nodejs12\.x.*owned by cloudformation \(shop\) and will drift/,
    );
  });
});
