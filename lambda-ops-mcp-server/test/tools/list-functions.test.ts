import { expect } from 'chai';
import type { FunctionSeed } from '../../src/demo/emulator/account.ts';
import { listFunctions } from '../../src/tools/list-functions.ts';
import { closeHarnesses, startHarness } from '../harness.ts';

const runtimes = ['nodejs24.x', 'nodejs20.x', 'python3.9'];
const fleet = (count: number): FunctionSeed[] =>
  Array.from({ length: count }, (_, index) => ({
    name: `function-with-a-rather-long-name-as-stacks-make-them-${String(index).padStart(4, '0')}`,
    runtime: runtimes[index % runtimes.length] ?? '',
  }));
const start = (functions: FunctionSeed[]) =>
  startHarness({ seed: { regions: { 'eu-west-1': functions } } });

describe('list-functions', () => {
  afterEach(closeHarnesses);

  it('gives every function exactly once over its pages, each within the bounds', async () => {
    const { ok } = await start(fleet(333));
    const names: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await ok(listFunctions, cursor === undefined ? {} : { cursor });
      expect(page.count).to.equal(page.functions.length);
      names.push(...page.functions.map(({ functionName }) => functionName));
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    expect(names).to.deep.equal(fleet(333).map(({ name }) => name));
  });

  const filters: [args: Record<string, unknown>, count: number][] = [
    [{ runtime: 'python3.9' }, 2],
    [{ status: 'deprecated' }, 4],
    [{ nameContains: '0005' }, 1],
    [{ nameContains: 'RATHER-LONG' }, 6],
    [{ packageType: 'Image' }, 1],
    [{ packageType: 'Image', status: 'unknown' }, 1],
    [{ runtime: 'nodejs20.x', status: 'supported' }, 0],
    [{ status: 'deprecating-soon', withinDays: 600 }, 2],
  ];
  for (const [args, count] of filters) {
    it(`filters by ${Object.keys(args).join(' and ')}: ${Object.values(args).join(', ')}`, async () => {
      const { ok } = await start([...fleet(6), { name: 'image' }]);
      const page = await ok(listFunctions, args);
      expect(page.functions).to.have.length(count);
      expect(page.nextCursor).to.equal(undefined);
    });
  }

  it('goes on in the middle of a page of Lambda when a filter has skipped much of it', async () => {
    const { ok } = await start(fleet(400));
    const first = await ok(listFunctions, { runtime: 'python3.9' });
    const second = await ok(listFunctions, { runtime: 'python3.9', cursor: first.nextCursor });
    const seen = [...first.functions, ...second.functions].map(({ functionName }) => functionName);
    expect(new Set(seen).size).to.equal(seen.length);
    expect(seen).to.deep.equal(
      fleet(400)
        .filter(({ runtime }) => runtime === 'python3.9')
        .map(({ name }) => name)
        .slice(0, seen.length),
    );
  });

  it('stops after 20 pages of Lambda when nothing matches, and goes on from there', async () => {
    const { ok, emulator } = await start([...fleet(1100), { name: 'last', runtime: 'ruby3.2' }]);
    const first = await ok(listFunctions, { runtime: 'ruby3.2' });
    expect(first.functions).to.deep.equal([]);
    expect(emulator.calls).to.have.length(20);
    const second = await ok(listFunctions, { runtime: 'ruby3.2', cursor: first.nextCursor });
    expect(second.functions.map(({ functionName }) => functionName)).to.deep.equal(['last']);
  });

  it('shows published versions with the runtime they were published with, when asked', async () => {
    const { ok } = await start([{ name: 'a', runtime: 'nodejs24.x', versions: ['nodejs16.x'] }]);
    expect((await ok(listFunctions)).functions).to.have.length(1);
    const { functions } = await ok(listFunctions, { allVersions: true });
    expect(functions.map(({ version, runtime }) => [version, runtime])).to.deep.equal([
      ['$LATEST', 'nodejs24.x'],
      ['1', 'nodejs16.x'],
    ]);
  });

  it('refuses a cursor of other arguments, and one that is damaged', async () => {
    const { ok, refused } = await start(fleet(120));
    const { nextCursor } = await ok(listFunctions);
    const other = { cursor: nextCursor, runtime: 'python3.9' };
    expect(await refused(listFunctions, other)).to.match(/does not belong to these arguments/);
    expect(await refused(listFunctions, { cursor: 'bm90aGluZw' })).to.match(/leave out cursor/);
  });

  it('shows a runtime that the table lacks as unknown', async () => {
    const { ok } = await start([{ name: 'new', runtime: 'nodejs26.x' }]);
    expect((await ok(listFunctions)).functions[0]).to.include({
      status: 'unknown',
      deadline: null,
    });
  });
});
