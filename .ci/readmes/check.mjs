// What the READMEs say, held against the files: links, anchors, scripts, variables, command blocks.
// Usage: node check.mjs ROOT      Prints one line per check.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import GithubSlugger from 'github-slugger';
import { lexer, walkTokens } from 'marked';

const root = resolve(process.argv[2]);
const samples = readdirSync(root).filter((name) => existsSync(join(root, name, 'package.json')));
const files = ['.', ...samples, '.github']
  .flatMap((folder) => markdownIn(join(root, folder)))
  .map((file) => join(root, file));

for (const file of files) checkLinks(file);
for (const sample of samples) {
  checkScripts(sample);
  checkVariables(sample);
}
for (const file of files.filter((name) => name.endsWith('README.md'))) checkCommands(file);

function markdownIn(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith('.md'))
    .map((name) => relative(root, join(folder, name)));
}

function tokensOf(file) {
  const tokens = [];
  walkTokens(lexer(readFileSync(file, 'utf8')), (token) => tokens.push(token));
  return tokens;
}

function checkLinks(file) {
  const bad = tokensOf(file)
    .filter(({ type }) => type === 'link' || type === 'image')
    .map(({ href }) => href)
    .filter((href) => !/^(https?:|mailto:)/.test(href))
    .filter((href) => {
      const [path, anchor] = href.split('#');
      const target = path === '' ? file : resolve(dirname(file), path);
      if (!existsSync(target)) return true;
      return anchor !== undefined && !anchorsOf(target).has(anchor);
    });
  report(`${name(file)}: every relative link and anchor resolves`, bad);
}

function anchorsOf(file) {
  const slugger = new GithubSlugger();
  const headings = tokensOf(file).filter(({ type }) => type === 'heading');
  return new Set(headings.map(({ text }) => slugger.slug(text.replaceAll(/[`*_]/g, ''))));
}

// A script that npm runs by itself (predemo, prestart) needs no mention.
function checkScripts(sample) {
  const readme = readFileSync(join(root, sample, 'README.md'), 'utf8');
  const { scripts } = JSON.parse(readFileSync(join(root, sample, 'package.json'), 'utf8'));
  const names = new Set(Object.keys(scripts).filter((script) => !/^pre/.test(script)));
  const builtIn = new Map([['start', 'start'], ['test', 'test']]);
  const named = new Set(
    [...readme.matchAll(/npm (?:(?:--\S+ )*run (?:-s |--silent )?([\w:-]+)|(start|test|cit)\b)/g)].map(
      ([, script, short]) => script ?? builtIn.get(short) ?? 'test',
    ),
  );
  report(`${sample}: every script that the README names exists`, [...named].filter((n) => !names.has(n)));
  report(`${sample}: the README names every script`, [...names].filter((n) => !named.has(n)));
}

// The variables are those that the code's configuration reads: upper-case names in the sources.
function checkVariables(sample) {
  const readme = readFileSync(join(root, sample, 'README.md'), 'utf8');
  const sources = readdirSync(join(root, sample, 'src'), { recursive: true })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => readFileSync(join(root, sample, 'src', path), 'utf8'))
    .join('\n');
  const table = readme.split(/^## Configuration$/m)[1]?.split(/^## /m)[0] ?? '';
  const documented = new Set([...table.matchAll(/`([A-Z][A-Z0-9]+(?:_[A-Z0-9]+)*)`/g)].map(([, n]) => n));
  const read = new Set(
    [...sources.matchAll(/^\s+([A-Z][A-Z0-9_]+): (?:z\.|z$|wholeNumber|flag|number|list)|env(?:\.|\[')([A-Z][A-Z0-9_]+)/gm)].map(
      ([, key, property]) => key ?? property,
    ),
  );
  report(`${sample}: every variable in the README is in the code`, [...documented].filter((n) => !sources.includes(n)));
  report(`${sample}: every variable that the code reads is in the README`, [...read].filter((n) => !readme.includes(n)));
}

// A block either runs without AWS, and a test or a step runs it, or its section says that it was not run.
function checkCommands(file) {
  const text = readFileSync(file, 'utf8');
  const bad = [];
  for (const { index, 1: code } of text.matchAll(/^```sh\n(.*?)^```$/gms)) {
    const section = text.slice(text.lastIndexOf('\n## ', index), index);
    const needsAws = /^(sam|copilot|aws) /m.test(code);
    const isCleanUp = /^## Clean up/m.test(section);
    const isMarked = isCleanUp || /not run here on AWS/i.test(section);
    const isRun = /npm (run demo|cit|ci|start)|npm --prefix \S+ run demo|\.ci\/(test|run)|^curl |npx degit|git clone|^cd /m.test(code);
    if (needsAws ? !isMarked : !isRun) bad.push(code.trim().split('\n')[0]);
  }
  report(`${name(file)}: every command block is run by CI, or says that it needs AWS`, bad);
}

function name(file) {
  return relative(root, file);
}

function report(title, bad) {
  if (bad.length === 0) return console.log(`ok - ${title}`);
  console.log(`not ok - ${title}: ${bad.join(', ')}. Next: mend the README or the code`);
  process.exitCode = 1;
}
