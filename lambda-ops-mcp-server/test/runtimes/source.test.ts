import { expect } from 'chai';
import { snapshot } from '../../src/runtimes/source.ts';
import { getRuntimesInfo } from '../../src/tools/get-runtimes-info.ts';
import { closeHarnesses, startHarness } from '../harness.ts';
import { type PageServer, runtimesPage, servePage } from './runtimes-page.ts';

const DAY_MS = 86_400_000;

describe('the source of the dates', () => {
  let server: PageServer | undefined;
  afterEach(async () => {
    await closeHarnesses();
    await server?.close();
    server = undefined;
  });

  const start = async (page: () => string | null, status?: number) => {
    server = await servePage(page, status);
    return startHarness({ runtimesUrl: server.url });
  };

  it("is AWS's page, read once a day, and every answer says so", async () => {
    const { ok, wait } = await start(() => runtimesPage());
    const first = await ok(getRuntimesInfo);
    expect(first.source).to.deep.equal({ kind: 'live', asOf: '2026-11-22', ageDays: 0 });
    expect(first.totals).to.deep.equal((await ok(getRuntimesInfo)).totals);
    wait(DAY_MS - 1000);
    await ok(getRuntimesInfo);
    expect(server?.requests).to.have.length(1);
    wait(2000);
    expect((await ok(getRuntimesInfo)).source.asOf).to.equal('2026-11-23');
    expect(server?.requests).to.have.length(2);
  });

  it('takes new dates and new runtimes from the page', async () => {
    const added = { ...snapshot.runtimes[0], identifier: 'nodejs26.x', deprecated: null };
    const page = runtimesPage([
      ...snapshot.runtimes,
      { ...added, createBlocked: null, updateBlocked: null },
    ]);
    const { ok } = await start(() => page);
    const { runtimes } = await ok(getRuntimesInfo, { runtime: 'nodejs20.x' });
    expect(runtimes[0]?.successor).to.equal('nodejs26.x');
  });

  const failures: [what: string, page: () => string | null, status: number, problem: RegExp][] = [
    [
      'has changed its shape',
      () => runtimesPage().replaceAll('Identifier', 'Id'),
      200,
      /changed its shape.*Identifier/,
    ],
    [
      'lacks half its rows',
      () => runtimesPage(snapshot.runtimes.filter((_, i) => i % 2 === 0)),
      200,
      /lacks 2\d known runtimes/,
    ],
    ['answers 503', () => 'sorry', 503, /answered 503/],
  ];
  for (const [what, page, status, problem] of failures) {
    it(`is the whole snapshot, with the reason, when the page ${what}`, async () => {
      const { ok, log } = await start(page, status);
      const answer = await ok(getRuntimesInfo);
      expect(answer.source).to.include({ kind: 'snapshot', asOf: snapshot.asOf });
      expect(answer.source.problem).to.match(problem);
      expect(answer.text).to.match(problem);
      expect(answer.runtimes).to.have.length(snapshot.runtimes.length);
      expect(log.join('')).to.match(problem);
    });
  }

  it('is the snapshot when nobody listens, and the page is tried again after ten minutes', async () => {
    let isUp = false;
    const { ok, wait } = await start(() => (isUp ? runtimesPage() : ''));
    expect((await ok(getRuntimesInfo)).source.kind).to.equal('snapshot');
    isUp = true;
    expect((await ok(getRuntimesInfo)).source.kind).to.equal('snapshot');
    wait(10 * 60 * 1000);
    expect((await ok(getRuntimesInfo)).source.kind).to.equal('live');
  });

  it('gives up on a page that does not answer within 5 s', async () => {
    const { ok } = await start(() => null);
    const { source } = await ok(getRuntimesInfo);
    expect(source.problem).to.match(/did not answer within 5 s/);
  });

  it('keeps the rows of runtimes that the page no longer lists, and names them', async () => {
    const { ok } = await start(() =>
      runtimesPage(snapshot.runtimes.filter(({ identifier }) => identifier !== 'nodejs')),
    );
    const answer = await ok(getRuntimesInfo);
    expect(answer.source.kind).to.equal('live');
    expect(answer.source.problem).to.match(/no longer lists nodejs;/);
    expect(answer.runtimes).to.have.length(snapshot.runtimes.length);
  });

  it('is the snapshot with its age when the server is offline', async () => {
    const { ok, wait } = await startHarness();
    wait(30 * DAY_MS);
    const { source, text } = await ok(getRuntimesInfo);
    expect(source).to.include({ kind: 'snapshot', ageDays: 30 });
    expect(text).to.match(/30 days old.*--offline/);
  });
});
