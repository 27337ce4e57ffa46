import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { differences } from '../../src/runtimes/refresh-snapshot.ts';
import { snapshot } from '../../src/runtimes/source.ts';
import { snapshotFile } from '../../src/runtimes/table.ts';
import { type PageServer, runtimesPage, servePage } from './runtimes-page.ts';

describe('refresh-runtimes', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lambda-ops-'));
  const file = join(folder, 'snapshot.json');
  let server: PageServer | undefined;
  afterEach(async () => {
    await server?.close();
    rmSync(file, { force: true });
  });
  after(() => rmSync(folder, { recursive: true }));

  const refresh = async (page: string) => {
    server = await servePage(() => page);
    const args = ['--import', 'tsx', 'src/runtimes/refresh.ts', server.url, file];
    return promisify(execFile)(process.execPath, args);
  };

  it('writes a snapshot with the dates of the page, and prints the differences', async () => {
    const { stdout } = await refresh(runtimesPage().replaceAll('Apr 30, 2028', 'May 31, 2028'));
    expect(stdout).to.include('nodejs24.x: deprecated 2028-04-30 -> 2028-05-31\n');
    const written = snapshotFile.parse(JSON.parse(readFileSync(file, 'utf8')));
    const node24 = written.runtimes.find(({ identifier }) => identifier === 'nodejs24.x');
    expect(node24?.deprecated).to.equal('2028-05-31');
    expect(written.runtimes).to.have.length(snapshot.runtimes.length);
  });

  it('writes nothing when the page has changed its shape, and says what is wrong', async () => {
    const failure = await refresh('# Moved').catch((error) => error);
    expect(failure.code).to.equal(1);
    expect(failure.stderr).to.match(/snapshot stays.*no heading "Supported runtimes"/);
    expect(existsSync(file)).to.equal(false);
  });

  it('calls a runtime that the snapshot lacks new', () => {
    const [first] = snapshot.runtimes;
    // `as`: the snapshot is not empty, so `first` has every field.
    const added = { ...first, identifier: 'nodejs26.x' } as (typeof snapshot.runtimes)[number];
    expect(differences(snapshot.runtimes, [added])).to.deep.equal(['nodejs26.x: new']);
  });
});
