// Carries out a Dockerfile without Docker: each stage is a folder, COPY copies, RUN runs, and the last
// stage's CMD and HEALTHCHECK run as an unprivileged user who can write nothing there.
// Usage: node dockerfile-check.mjs SAMPLE_FOLDER WORK_FOLDER      Prints one line per check.
import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join, resolve } from 'node:path';

const [sample, work] = process.argv.slice(2).map((path) => resolve(path));
const NOBODY = 65534;

const text = readFileSync(join(sample, 'Dockerfile'), 'utf8');
const instructions = text
  .replaceAll(/^#.*\n/gm, '')
  .replaceAll(/\\\n\s*/g, ' ')
  .split('\n')
  .filter((line) => line.trim() !== '')
  .map((line) => /^(\w+)\s+(.*)$/.exec(line).slice(1));

const stages = [];
for (const [instruction, value] of instructions) {
  if (instruction === 'FROM') {
    const [, image, name] = /^(?:--platform=\S+ )?(\S+)(?: AS (\S+))?$/.exec(value);
    const folder = join(work, String(stages.length));
    mkdirSync(folder);
    stages.push({ image, name, folder, env: {}, workdir: '/' });
    continue;
  }
  const stage = stages.at(-1);
  if (instruction === 'WORKDIR') {
    stage.workdir = value;
    mkdirSync(join(stage.folder, value), { recursive: true });
  } else if (instruction === 'ENV') {
    for (const pair of value.split(/\s+/)) stage.env[pair.split('=')[0]] = pair.split('=')[1];
  } else if (instruction === 'COPY') copy(stage, value);
  else if (instruction === 'RUN') {
    execFileSync('sh', ['-c', value], { cwd: join(stage.folder, stage.workdir), stdio: 'pipe' });
  } else stage[instruction] = value;
}
const final = stages.at(-1);
report('every COPY and RUN step of the Dockerfile works', true);
report('every stage has an image pinned by version', stages.every(({ image }) => /:\d+\.\d+\.\d+/.test(image)));
report('it runs as an unprivileged user', ![undefined, 'root', '0'].includes(final.USER));
report('it holds no packages and no sources', !holds(final.folder, 'node_modules') && !holds(final.folder, 'src'));
await runIt();

function copy(stage, value) {
  const [, from, rest] = /^(?:--from=(\S+) )?(.*)$/.exec(value);
  const parts = rest.split(/\s+/);
  const target = parts.pop();
  const source = from === undefined ? undefined : stages.find(({ name }) => name === from);
  if (from !== undefined && source === undefined) throw new Error(`COPY --from=${from}: no such stage`);
  for (const part of parts) {
    const origin = source === undefined ? context(part) : join(source.folder, part);
    const isFolder = existsSync(origin) && readdirSafe(origin) !== undefined;
    const base = join(stage.folder, stage.workdir, target);
    cpSync(origin, isFolder ? base : target.endsWith('/') ? join(base, part) : base, { recursive: true });
  }
}

// Only what .dockerignore lets through exists in the build context.
function context(path) {
  const admitted = readFileSync(join(sample, '.dockerignore'), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('!'))
    .map((line) => line.slice(1));
  if (!admitted.includes(path)) throw new Error(`COPY ${path}: .dockerignore keeps it out`);
  return join(sample, path);
}

function readdirSafe(path) {
  try {
    return readdirSync(path);
  } catch {
    return undefined;
  }
}

function holds(folder, name) {
  return readdirSync(folder, { recursive: true }).some((path) => path.split('/').includes(name));
}

async function runIt() {
  const port = await freePort();
  const cwd = join(final.folder, final.workdir);
  // As the image's user would find it: readable, and not writable.
  for (let folder = work; folder !== '/'; folder = dirname(folder)) makeReadable(folder);
  execFileSync('chmod', ['-R', 'a+rX,a-w', final.folder]);
  const env = { PATH: process.env.PATH, ...final.env, HOST: '127.0.0.1', PORT: String(port) };
  const options = { cwd, env, uid: NOBODY, gid: NOBODY, stdio: 'pipe' };
  const [command, ...args] = JSON.parse(final.CMD);
  const server = spawn(command, args, options);
  let output = '';
  server.stdout.on('data', (data) => (output += data));
  server.stderr.on('data', (data) => (output += data));
  const exited = new Promise((done) => server.once('exit', done));

  const health = JSON.parse(final.HEALTHCHECK.replace(/^.*? CMD /, ''));
  report('its HEALTHCHECK passes as that user, with the files read-only', await retry(() => run(health, options)), output);
  server.kill('SIGTERM');
  report('it drains and exits with 0 at SIGTERM', (await exited) === 0, output);
  report('its HEALTHCHECK fails when nothing answers', !(await run(health, options)));
}

function makeReadable(folder) {
  try {
    chmodSync(folder, 0o755);
  } catch {}
}

async function retry(attempt) {
  for (let i = 0; i < 50; i += 1) {
    if (await attempt()) return true;
    await new Promise((done) => setTimeout(done, 100));
  }
  return false;
}

function run([command, ...args], options) {
  return new Promise((done) => {
    spawn(command, args, options).once('exit', (code) => done(code === 0)).once('error', () => done(false));
  });
}

function freePort() {
  return new Promise((done) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => done(port));
    });
  });
}

function report(title, isGood, output = '') {
  if (!isGood && output !== '') console.log(output.replaceAll(/^/gm, '    '));
  console.log(isGood ? `ok - ${title}` : `not ok - ${title}. Next: read the Dockerfile of ${sample}`);
  if (!isGood) process.exitCode = 1;
}
