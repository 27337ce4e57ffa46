import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { expect } from 'chai';
import { bundle } from '../../scripts/bundle.ts';
import { post } from '../requests.ts';
import { SAMPLE_ENTRY, type Served, serveCopy } from '../serve.ts';

const sdks = { legacy: '@modelcontextprotocol/sdk', modern: '@modelcontextprotocol/server' };

describe('dropping an era', () => {
  let folder: string;
  let served: Served;
  beforeEach(async () => {
    folder = await mkdtemp(resolve('test/.tmp-'));
  });
  afterEach(async () => {
    await served.close();
    await rm(folder, { recursive: true });
  });

  for (const [dropped, kept] of [
    ['legacy', 'modern'],
    ['modern', 'legacy'],
  ] as const) {
    it(`takes one file and one entry, and drops its SDK: ${dropped}`, async () => {
      await cp('src', join(folder, 'src'), { recursive: true });
      await cp('package.json', join(folder, 'package.json'));
      await rm(join(folder, `src/mcp/${dropped}.ts`));
      const erasFile = join(folder, 'src/mcp/eras.ts');
      const eras = await readFile(erasFile, 'utf8');
      // An entry is one line, or a line that opens it and all up to the line that closes it.
      const entry = new RegExp(
        `^  \\{ name: '${dropped}'[^\\n]*\\n|^  \\{\\n    name: '${dropped}'.*?^  \\},\\n`,
        'ms',
      );
      expect(eras).to.match(entry);
      await writeFile(erasFile, eras.replace(entry, ''));

      const { metafile } = await bundle(join(folder, 'dist'), {
        entryPoints: [join(folder, SAMPLE_ENTRY)],
        metafile: true,
      });
      const inputs = Object.keys(metafile?.inputs ?? {}).join(' ');
      expect(inputs).to.contain(`${sdks[kept]}/`).and.not.to.contain(`${sdks[dropped]}/`);

      served = await serveCopy(folder);
      expect((await fetch(served.url, post(kept, 'tools/list'))).status).to.equal(200);
      const refused = await fetch(served.url, post(dropped, 'tools/list'));
      expect(refused.status).to.equal(400);
      expect(await refused.text()).to.contain('Unsupported protocol version');
    });
  }
});
