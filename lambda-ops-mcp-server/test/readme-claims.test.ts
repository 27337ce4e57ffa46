import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import {
  getDefaultEnvironment,
  StdioClientTransport,
} from '@modelcontextprotocol/sdk/client/stdio.js';
import { expect } from 'chai';
import * as z from 'zod';
import { loadOptions, USAGE } from '../src/options.ts';
import { RUNTIME_STATUSES } from '../src/runtimes/status.ts';
import { tools } from '../src/tools/index.ts';

const readme = readFileSync('README.md', 'utf8');
const blocks = (language: string) =>
  [...readme.matchAll(new RegExp(`^ *\`\`\`${language}\\n(.*?)^ *\`\`\`$`, 'gms'))].map(
    ([, code = '']) => code,
  );
const configuration = z.object({
  mcpServers: z.object({
    'lambda-ops': z.object({ command: z.literal('node'), args: z.array(z.string()) }),
  }),
});

describe('the README', () => {
  it('names every tool, status and flag', () => {
    for (const { name } of tools) expect(readme).to.include(`| \`${name}\` |`);
    for (const status of RUNTIME_STATUSES) expect(readme).to.include(`\`${status}\``);
    for (const [flag] of USAGE.matchAll(/--(?!help|version)[a-z-]+/g))
      expect(readme).to.include(`\`${flag}`);
  });

  it('names only npm scripts and flags that exist', () => {
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8'));
    for (const [, script = ''] of readme.matchAll(/npm run ([a-z:-]+)/g))
      expect(scripts).to.have.property(script);
    const flags = [...readme.matchAll(/`(--[a-z-]+)/g)].map(([, flag = '']) => flag);
    for (const flag of flags) expect(USAGE).to.include(flag);
  });

  it('has client configurations whose arguments the server accepts', () => {
    const configurations = blocks('json').map((code) => configuration.parse(JSON.parse(code)));
    expect(configurations).to.have.length(2);
    const [reading, writing] = configurations.map(({ mcpServers }) =>
      loadOptions(mcpServers['lambda-ops'].args.slice(1), {}),
    );
    expect(reading?.policy.allowsWrites).to.equal(false);
    expect(writing?.policy).to.deep.include({
      allowsWrites: true,
      allowFunctions: ['dev-*', 'test-*'],
    });
  });

  it('shows what the demo prints', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [
      '--import',
      'tsx',
      'src/demo.ts',
    ]);
    const shown = /```\n(1\. Which.*?)```/s.exec(readme)?.[1]?.split('\n') ?? [];
    expect(shown.length).to.be.greaterThan(10);
    expect(stdout).to.match(/All of it held\.\n$/);
    for (const line of shown.filter((text) => text !== '…')) expect(stdout).to.include(line);
  }).timeout(30_000);

  it('quotes only error texts that the code has', () => {
    const source = [
      'upgrade/plan-book',
      'upgrade/carry-out',
      'tools/update-function-runtime',
      'runtimes/source',
      'aws/advice',
    ]
      .map((file) => readFileSync(`src/${file}.ts`, 'utf8').replaceAll(/['`] \+\n\s*['`]/g, ''))
      .join('\n');
    const table = readme.slice(readme.indexOf('## Troubleshooting'));
    const quotes = [...table.matchAll(/^\| `([^`…]+)/gm)].map(([, quote = '']) => quote.trim());
    expect(quotes).to.have.length(8);
    for (const quote of quotes) expect(source).to.include(quote.replace('lambda:', '').trim());
  });

  it('adds a tool by its one file and its one line', async () => {
    const folder = mkdtempSync(resolve('.tmp-readme-'));
    const client = new Client({ name: 'test', version: '1.0.0' });
    try {
      cpSync('src', join(folder, 'src'), { recursive: true });
      cpSync('package.json', join(folder, 'package.json'));
      writeFileSync(
        join(folder, 'src/tools/days-left.ts'),
        blocks('ts')[0]?.replaceAll(/^ {3}/gm, '') ?? '',
      );
      const index = join(folder, 'src/tools/index.ts');
      const list = readFileSync(index, 'utf8').replace('= [\n', '= [\n  daysLeft,\n');
      writeFileSync(index, `import { daysLeft } from './days-left.ts';\n${list}`);
      const entry = pathToFileURL(join(folder, 'src/index.ts')).pathname;
      await client.connect(
        new StdioClientTransport({
          command: process.execPath,
          args: ['--import', 'tsx', entry, '--offline', '--today', '2027-04-20'],
          env: getDefaultEnvironment(),
          stderr: 'ignore',
        }),
      );
      const call = { name: 'days-left', arguments: { runtime: 'nodejs22.x' } };
      expect((await client.callTool(call)).structuredContent).to.deep.equal({ days: 10 });
    } finally {
      await client.close();
      rmSync(folder, { recursive: true });
    }
  });
});
