import { chmod } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { build, type Plugin } from 'esbuild';

/** Bundles the server into a folder: one file that can be run by its name. */
export async function bundle(outdir: string): Promise<void> {
  const outfile = join(outdir, 'lambda-ops-mcp-server.mjs');
  await bundleModule('src/index.ts', outfile);
  await chmod(outfile, 0o755);
}

/** Bundles an entry into one executable ES module that runs without node_modules. */
export async function bundleModule(entryPoint: string, outfile: string): Promise<void> {
  await build({
    entryPoints: [entryPoint],
    outfile,
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node20.19',
    format: 'esm',
    // The ES modules of the AWS SDK can be shaken; their CommonJS twins cannot.
    mainFields: ['module', 'main'],
    banner: {
      js: [
        '#!/usr/bin/env node',
        "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
      ].join('\n'),
    },
    plugins: [lazyBuiltins],
    logLevel: 'warning',
  });
}

/**
 * Loads each of Node's own modules when the first module that uses it runs. As plain imports they
 * would all be loaded at start-up, those of the AWS SDK (https, http2, …) included.
 */
const lazyBuiltins: Plugin = {
  name: 'lazy-builtins',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^[a-z:/_0-9]+$/ }, ({ path, namespace }) =>
      namespace !== 'builtin' && isBuiltin(path) ? { path, namespace: 'builtin' } : undefined,
    );
    onLoad({ filter: /./, namespace: 'builtin' }, ({ path }) => ({
      contents: `module.exports = require(${JSON.stringify(path)})`,
    }));
  },
};
