import { expect } from 'chai';
import type { FunctionSeed } from '../../src/demo/emulator/account.ts';
import { planRuntimeUpgrade } from '../../src/tools/plan-runtime-upgrade.ts';
import { closeHarnesses, startHarness } from '../harness.ts';

const OLD_LAYER = 'arn:aws:lambda:eu-west-1:123456789012:layer:old:1';
const NEW_LAYER = 'arn:aws:lambda:eu-west-1:123456789012:layer:new:1';
const layers = [
  { arn: OLD_LAYER, compatibleRuntimes: ['nodejs18.x'] },
  { arn: NEW_LAYER, compatibleRuntimes: ['nodejs18.x', 'nodejs24.x'] },
];
const start = (fn: FunctionSeed) =>
  startHarness({ seed: { layers, regions: { 'eu-west-1': [fn] } } });
const stackTags = {
  'aws:cloudformation:stack-name': 'shop',
  'aws:cloudformation:logical-id': 'Api',
};

describe('plan-runtime-upgrade', () => {
  afterEach(closeHarnesses);

  it('goes to the newest runtime of the family, tells what breaks with sources, and changes nothing', async () => {
    const { ok, emulator } = await start({ name: 'api', runtime: 'nodejs16.x' });
    const plan = await ok(planRuntimeUpgrade, { functionName: 'api' });
    expect(plan).to.include({
      runtime: 'nodejs16.x',
      status: 'deprecated',
      targetRuntime: 'nodejs24.x',
    });
    expect(plan.breakingChanges.map(({ since }) => since)).to.include.members([
      'nodejs18.x',
      'nodejs24.x',
    ]);
    expect(plan.breakingChanges[0]?.source).to.match(/^https:/);
    expect(plan.planId).to.match(/^[0-9a-f-]{36}$/);
    expect(plan.expiresAt).to.equal('2026-11-22T12:30:00.000Z');
    expect(emulator.calls.join()).not.to.match(/Update|Publish|Tag(?!s)|Invoke/);
  });

  it('says which layers lack the target', async () => {
    const { ok } = await start({
      name: 'api',
      runtime: 'nodejs18.x',
      layers: [OLD_LAYER, NEW_LAYER, `${NEW_LAYER}9`],
    });
    const plan = await ok(planRuntimeUpgrade, { functionName: 'api' });
    expect(plan.layers.map(({ hasTarget }) => hasTarget)).to.deep.equal([false, true, null]);
    expect(plan.text).to.include(`Layer without nodejs24.x: ${OLD_LAYER}`);
  });

  it('says until when the way back is open, and that it is closed from that day on', async () => {
    const { ok, setToday } = await start({ name: 'api', runtime: 'nodejs20.x' });
    setToday('2027-03-02');
    const open = await ok(planRuntimeUpgrade, { functionName: 'api' });
    expect(open.wayBack).to.include({ isOpen: true, until: '2027-03-03' });
    setToday('2027-03-03');
    const closed = await ok(planRuntimeUpgrade, { functionName: 'api' });
    expect(closed.wayBack.isOpen).to.equal(false);
    expect(closed.text).to.match(/cannot go back/);
  });

  const owners: [tags: Record<string, string>, line: RegExp][] = [
    [stackTags, /^Runtime: nodejs24\.x \(cloudformation shop, resource Api;/],
    [{ ...stackTags, 'lambda:createdBy': 'SAM' }, /^Runtime: nodejs24\.x \(sam shop/],
    [
      { ...stackTags, 'aws:cloudformation:logical-id': 'Api0A1B2C3D' },
      /^runtime: lambda\.Runtime\.NODEJS_24_X \(cdk/,
    ],
    [{ 'managed-by': 'terraform' }, /^runtime = "nodejs24\.x" \(terraform/],
  ];
  for (const [tags, line] of owners) {
    it(`names the line to change for an owner: ${line.source.slice(1, 40)}`, async () => {
      const { ok } = await start({ name: 'api', runtime: 'nodejs20.x', tags });
      const plan = await ok(planRuntimeUpgrade, { functionName: 'api' });
      expect(plan.templateChange).to.match(line);
    });
  }

  it('writes CDK constants as CDK spells them', async () => {
    const tags = { ...stackTags, 'aws:cloudformation:logical-id': 'Api0A1B2C3D' };
    for (const [runtime, constant] of [
      ['python3.12', 'PYTHON_3_14'],
      ['java17', 'JAVA_25'],
      ['dotnet8', 'DOTNET_10'],
      ['provided.al2', 'PROVIDED_AL2023'],
      ['go1.x', 'PROVIDED_AL2023'],
    ]) {
      const { ok } = await start({ name: 'api', runtime: runtime ?? '', tags });
      const { templateChange } = await ok(planRuntimeUpgrade, { functionName: 'api' });
      expect(templateChange).to.include(`lambda.Runtime.${constant} `);
    }
  });

  it('names the aliases that the upgrade does not reach, and SnapStart', async () => {
    const { ok } = await start({
      ...{ name: 'api', runtime: 'python3.12', versions: ['python3.12'], hasSnapStart: true },
      aliases: { live: '1', dev: '$LATEST' },
    });
    const plan = await ok(planRuntimeUpgrade, { functionName: 'api' });
    expect(plan.aliasesOnVersions).to.deep.equal([{ name: 'live', versions: ['1'] }]);
    expect(plan.notes.join()).to.match(/SnapStart is on.*keep their runtime: live/s);
  });

  it('says on a read-only server how the plan could be carried out', async () => {
    const seed = { regions: { 'eu-west-1': [{ name: 'api', runtime: 'nodejs20.x' }] } };
    const { ok } = await startHarness({ seed, policy: { allowsWrites: false } });
    expect((await ok(planRuntimeUpgrade, { functionName: 'api' })).text).to.match(/--allow-writes/);
  });

  const refusals: [
    what: string,
    fn: Partial<FunctionSeed>,
    targetRuntime: string | undefined,
    text: RegExp,
  ][] = [
    ['a container image', {}, undefined, /container image.*Dockerfile/s],
    [
      'a Lambda@Edge replica',
      { runtime: 'nodejs20.x', masterArn: 'arn:main' },
      undefined,
      /Lambda@Edge replica.*arn:main.*CloudFront/s,
    ],
    ['a function on the newest runtime', { runtime: 'nodejs24.x' }, undefined, /no successor/],
    [
      'a target that is not newer',
      { runtime: 'nodejs22.x' },
      'nodejs20.x',
      /not newer.*Possible targets: nodejs24\.x.*rollback/s,
    ],
    [
      'a deprecated target',
      { runtime: 'nodejs16.x' },
      'nodejs20.x',
      /deprecated.*nodejs24\.x, nodejs22\.x/s,
    ],
    ['another language', { runtime: 'nodejs16.x' }, 'python3.14', /another language/],
    [
      'a target that the table lacks',
      { runtime: 'nodejs16.x' },
      'nodejs99.x',
      /no runtime nodejs99\.x/,
    ],
    ['a runtime for images only', { runtime: 'dotnet8' }, 'dotnet9', /container images only/],
    ['an unknown family', { runtime: 'cobol85' }, undefined, /no successor.*no newer runtime/s],
  ];
  for (const [what, fn, targetRuntime, text] of refusals) {
    it(`refuses ${what}, and says what to do instead`, async () => {
      const { refused } = await start({ name: 'api', ...fn });
      const args = targetRuntime === undefined ? {} : { targetRuntime };
      expect(await refused(planRuntimeUpgrade, { functionName: 'api', ...args })).to.match(text);
    });
  }

  it('refuses a function that is being updated', async () => {
    const { refused, emulator } = await start({ name: 'api', runtime: 'nodejs20.x' });
    const fn = emulator.find('eu-west-1', 'api');
    fn.config.LastUpdateStatus = 'InProgress';
    fn.update = { readsLeft: 9, from: 'nodejs20.x', failure: undefined };
    expect(await refused(planRuntimeUpgrade, { functionName: 'api' })).to.match(
      /being created or updated/,
    );
  });
});
