import { expect } from 'chai';
import { snapshot } from '../../src/runtimes/source.ts';
import { getRuntimesInfo } from '../../src/tools/get-runtimes-info.ts';
import { closeHarnesses, startHarness } from '../harness.ts';

describe('get-runtimes-info', () => {
  afterEach(closeHarnesses);

  it('gives every runtime with its dates, status and successor, the most urgent first', async () => {
    const { ok } = await startHarness();
    const { runtimes, totals, today } = await ok(getRuntimesInfo);
    expect(today).to.equal('2026-11-22');
    expect(runtimes).to.have.length(snapshot.runtimes.length);
    expect(runtimes[0]?.status).to.equal('update-blocked');
    expect(Object.values(totals).reduce((sum, count) => sum + count, 0)).to.equal(runtimes.length);
    expect(runtimes.find(({ runtime }) => runtime === 'nodejs20.x')).to.deep.equal({
      runtime: 'nodejs20.x',
      status: 'deprecated',
      deprecated: '2026-04-30',
      createBlocked: '2027-02-01',
      updateBlocked: '2027-03-03',
      successor: 'nodejs24.x',
    });
  });

  it('counts a runtime as deprecating-soon by withinDays', async () => {
    const { ok } = await startHarness();
    const soon = async (withinDays: number) =>
      (await ok(getRuntimesInfo, { status: 'deprecating-soon', withinDays })).runtimes.map(
        ({ runtime }) => runtime,
      );
    expect(await soon(159)).to.deep.equal(['ruby3.3', 'nodejs22.x']);
    expect(await soon(158)).to.deep.equal(['ruby3.3']);
    expect(await soon(0)).to.deep.equal([]);
  });

  it('moves on with the days', async () => {
    const { ok, setToday } = await startHarness();
    setToday('2027-03-03');
    const { runtimes } = await ok(getRuntimesInfo, { runtime: 'nodejs20.x' });
    expect(runtimes[0]?.status).to.equal('update-blocked');
  });

  it('calls a runtime that the table lacks unknown', async () => {
    const { ok } = await startHarness();
    const { runtimes, totals } = await ok(getRuntimesInfo, { runtime: 'nodejs26.x' });
    expect(runtimes[0]).to.include({ status: 'unknown', deprecated: null, successor: null });
    expect(totals).to.deep.equal({ unknown: 1 });
  });

  it('needs no call to AWS', async () => {
    const { ok, emulator } = await startHarness();
    await ok(getRuntimesInfo);
    expect(emulator.calls).to.deep.equal([]);
  });

  it('refuses a cursor that is not one of its own', async () => {
    const { refused } = await startHarness();
    for (const cursor of ['x', 'o999', 'o-1']) {
      expect(await refused(getRuntimesInfo, { cursor })).to.match(/leave out cursor/);
    }
  });
});
