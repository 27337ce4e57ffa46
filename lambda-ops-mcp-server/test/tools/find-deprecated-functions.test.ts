import { expect } from 'chai';
import type { FunctionSeed } from '../../src/demo/emulator/account.ts';
import type { EmulatorSeed } from '../../src/demo/emulator/emulator.ts';
import { findDeprecatedFunctions } from '../../src/tools/find-deprecated-functions.ts';
import { closeHarnesses, startHarness } from '../harness.ts';

const seed: EmulatorSeed = {
  regions: {
    'eu-west-1': [
      { name: 'old', runtime: 'nodejs20.x' },
      { name: 'soon', runtime: 'nodejs22.x' },
      {
        name: 'new',
        runtime: 'nodejs24.x',
        versions: ['nodejs12.x', 'nodejs24.x'],
        aliases: { live: '1', next: '2' },
      },
    ],
    'us-east-1': [
      { name: 'blocked', runtime: 'python2.7' },
      { name: 'image' },
      { name: 'half-blocked', runtime: 'python3.7' },
    ],
    'sa-east-1': [],
  },
};
const names = (rows: { functionName: string }[]) => rows.map(({ functionName }) => functionName);
const long = (count: number): FunctionSeed[] =>
  Array.from({ length: count }, (_, index) => ({
    name: `${'x'.repeat(59)}${String(index).padStart(5, '0')}`,
    runtime: 'nodejs18.x',
    tags: {
      'aws:cloudformation:stack-name': 's'.repeat(128),
      'aws:cloudformation:logical-id': 'l'.repeat(200),
    },
    versions: ['nodejs18.x'],
    aliases: Object.fromEntries(
      Array.from({ length: 9 }, (_, n) => [`${'a'.repeat(120)}${n}`, '1']),
    ),
  }));

describe('find-deprecated-functions', () => {
  afterEach(closeHarnesses);

  it('scans every enabled region and sorts by urgency', async () => {
    const { ok } = await startHarness({ seed });
    const { functions, totals } = await ok(findDeprecatedFunctions);
    expect(names(functions)).to.deep.equal(['blocked', 'half-blocked', 'old']);
    expect(totals).to.deep.include({ scanned: 6, found: 3, regions: 3 });
    expect(totals.byStatus).to.deep.equal({
      'update-blocked': 1,
      'create-blocked': 1,
      deprecated: 1,
    });
    expect(totals.byRegion).to.deep.equal({ 'us-east-1': 2, 'eu-west-1': 1 });
  });

  it('scans only the regions named, without asking for the enabled ones', async () => {
    const { ok, emulator } = await startHarness({ seed });
    emulator.denied.add('account:ListRegions');
    const { functions } = await ok(findDeprecatedFunctions, { regions: ['eu-west-1'] });
    expect(names(functions)).to.deep.equal(['old']);
  });

  it('adds runtimes deprecated within so many days only when asked, to the day', async () => {
    const { ok } = await startHarness({ seed });
    const found = async (withinDays: number) =>
      names((await ok(findDeprecatedFunctions, { withinDays })).functions);
    expect(await found(159)).to.include('soon');
    expect(await found(158)).not.to.include('soon');
  });

  it('finds the published versions that aliases still run, when asked', async () => {
    const { ok } = await startHarness({ seed });
    const { functions } = await ok(findDeprecatedFunctions, { allVersions: true });
    expect(functions.filter(({ functionName }) => functionName === 'new')).to.have.length(1);
    expect(functions.find(({ functionName }) => functionName === 'new')).to.deep.include({
      version: '1',
      runtime: 'nodejs12.x',
      aliasesOnVersions: [{ name: 'live', versions: ['1'] }],
    });
  });

  it('names the owner by tags: SAM, CDK, CloudFormation, Terraform, or nobody', async () => {
    const stack = (logicalId: string, more = {}) => ({
      'aws:cloudformation:stack-name': 'shop',
      'aws:cloudformation:logical-id': logicalId,
      ...more,
    });
    const owners: [name: string, tags: Record<string, string>, kind: string | undefined][] = [
      ['a', stack('Api', { 'lambda:createdBy': 'SAM' }), 'sam'],
      ['b', stack('Api5F2B9C01'), 'cdk'],
      ['c', stack('Api'), 'cloudformation'],
      ['d', { ManagedBy: 'Terraform' }, 'terraform'],
      ['e', { team: 'terra' }, undefined],
    ];
    const functions = owners.map(([name, tags]) => ({ name, tags, runtime: 'nodejs18.x' }));
    const { ok } = await startHarness({ seed: { regions: { 'eu-west-1': functions } } });
    const rows = (await ok(findDeprecatedFunctions)).functions;
    expect(rows.map(({ owner }) => owner?.kind)).to.deep.equal(owners.map(([, , kind]) => kind));
  });

  it('says when a function was last invoked, when asked', async () => {
    const functions = [
      {
        name: 'used',
        runtime: 'nodejs18.x',
        invocations: { '2026-11-02': 3, '2026-11-20': 1, '2026-11-21': 0 },
      },
      { name: 'idle', runtime: 'nodejs18.x' },
    ];
    const { ok } = await startHarness({ seed: { regions: { 'eu-west-1': functions } } });
    const { functions: rows } = await ok(findDeprecatedFunctions, { withLastInvoked: true });
    expect(rows.map(({ functionName, lastInvoked }) => [functionName, lastInvoked])).to.deep.equal([
      ['idle', null],
      ['used', '2026-11-20'],
    ]);
  });

  it('returns the other regions when one denies access, and names the action and the region', async () => {
    const { ok, emulator } = await startHarness({ seed });
    emulator.denied.add('lambda:ListFunctions us-east-1');
    const answer = await ok(findDeprecatedFunctions);
    expect(names(answer.functions)).to.deep.equal(['old']);
    expect(answer.failedRegions).to.have.length(1);
    expect(answer.failedRegions[0]?.regions).to.deep.equal(['us-east-1']);
    expect(answer.text).to.match(/Not scanned: us-east-1\. Access denied: .*lambda:ListFunctions/);
  });

  it('returns the rows without owners and aliases when those are denied, and says so', async () => {
    const { ok, emulator } = await startHarness({ seed });
    emulator.denied.add('lambda:ListTags');
    const answer = await ok(findDeprecatedFunctions);
    expect(answer.functions).to.have.length(3);
    expect(answer.incomplete.join()).to.match(/lambda:ListTags/);
  });

  it('advises to name regions when the enabled ones cannot be listed', async () => {
    const { refused, emulator } = await startHarness({ seed });
    emulator.denied.add('account:ListRegions');
    expect(await refused(findDeprecatedFunctions)).to.match(/account:ListRegions.*`regions`/s);
  });

  it('gets through throttling by itself', async () => {
    const { ok, emulator } = await startHarness({ seed });
    emulator.throttled.set('lambda:ListFunctions', 3);
    expect((await ok(findDeprecatedFunctions)).totals.found).to.equal(3);
    expect(emulator.calls.filter((call) => call.startsWith('lambda:ListFunctions'))).to.have.length(
      6,
    );
  });

  it('pages through a large fleet from one scan, each answer within 20,480 bytes', async () => {
    const { ok, emulator } = await startHarness({ seed: { regions: { 'eu-west-1': long(130) } } });
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await ok(findDeprecatedFunctions, cursor === undefined ? {} : { cursor });
      expect(page.totals.found).to.equal(130);
      expect(page.functions.length).to.be.greaterThan(0);
      seen.push(...names(page.functions));
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    expect(seen).to.deep.equal(long(130).map(({ name }) => name));
    expect(emulator.calls.filter((call) => call.startsWith('lambda:ListFunctions'))).to.have.length(
      3,
    );
  });

  it('refuses a cursor that is unknown or too old', async () => {
    const { ok, refused, wait } = await startHarness({
      seed: { regions: { 'eu-west-1': long(60) } },
    });
    const { nextCursor } = await ok(findDeprecatedFunctions);
    expect(await refused(findDeprecatedFunctions, { cursor: `x.${1}` })).to.match(/scan again/);
    wait(15 * 60 * 1000);
    expect(await refused(findDeprecatedFunctions, { cursor: nextCursor })).to.match(/scan again/);
  });

  it('reports progress: at the start, and for each region', async () => {
    const { client } = await startHarness({ seed });
    const progress: (string | undefined)[] = [];
    await client.callTool({ name: findDeprecatedFunctions.name, arguments: {} }, undefined, {
      onprogress: ({ progress: done, total, message }) =>
        progress.push(`${done}/${total} ${message}`),
    });
    expect(progress[0]).to.equal('0/3 Scanning 3 regions');
    expect(progress).to.have.length(4);
    expect(progress.join()).to.match(/us-east-1: 3 scanned, 2 found/);
  });

  it('stops asking AWS when the client cancels', async () => {
    const functions = long(200);
    const { client, emulator } = await startHarness({
      seed: { regions: { 'eu-west-1': functions } },
    });
    const controller = new AbortController();
    emulator.before.set('lambda:ListFunctions', () => controller.abort());
    const call = client.callTool({ name: findDeprecatedFunctions.name }, undefined, {
      signal: controller.signal,
    });
    await call.catch(() => undefined);
    emulator.before.delete('lambda:ListFunctions');
    // The next call is answered after everything that the cancelled one still did.
    await client.callTool({ name: 'list-functions', arguments: {} });
    expect(
      emulator.calls.filter((name) => name.startsWith('lambda:ListFunctions')).length,
    ).to.be.lessThan(4);
  });

  it('survives regions whose every answer is an error, within the bounds', async () => {
    const regions = Object.fromEntries(
      Array.from({ length: 34 }, (_, index) => [`eu-west-${index + 1}`, []]),
    );
    const { ok, emulator } = await startHarness({ seed: { regions } });
    emulator.denied.add('lambda:ListFunctions');
    const { failedRegions, totals } = await ok(findDeprecatedFunctions);
    expect(failedRegions).to.have.length(1);
    expect(failedRegions[0]?.regions).to.have.length(34);
    expect(totals.found).to.equal(0);
  });
});
