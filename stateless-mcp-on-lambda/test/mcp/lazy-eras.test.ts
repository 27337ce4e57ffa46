import { mkdtemp, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { expect } from 'chai';
import { bundle } from '../../scripts/bundle.ts';

describe('the bundle', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(resolve('test/.tmp-'));
  });
  after(() => rm(folder, { recursive: true }));

  it("holds each era's SDK apart, so that /health and the other era do not load it", async () => {
    const { metafile } = await bundle(join(folder, 'dist'), { metafile: true });
    const outputs = metafile?.outputs ?? {};
    /** The packages of an output and of all that it imports at once. */
    function packagesOf(path: string): string {
      const { inputs = {}, imports = [] } = outputs[path] ?? {};
      const atOnce = imports.filter(({ kind }) => kind === 'import-statement');
      return [...Object.keys(inputs), ...atOnce.map((entry) => packagesOf(entry.path))].join(' ');
    }
    const find = (name: RegExp) => Object.keys(outputs).find((path) => name.test(path)) ?? '';
    const legacy = '@modelcontextprotocol/sdk/';
    const modern = '@modelcontextprotocol/server/';
    expect(packagesOf(find(/(lambda|main)\.mjs$/)))
      .to.contain('express')
      .and.not.contain(legacy)
      .and.not.contain(modern);
    expect(packagesOf(find(/legacy-\w+\.mjs$/)))
      .to.contain(legacy)
      .and.not.contain(modern);
    expect(packagesOf(find(/modern-\w+\.mjs$/)))
      .to.contain(modern)
      .and.not.contain(legacy);
  });
});
