import { build } from 'esbuild';

/** Bundles an entry into one executable ES module that runs without node_modules. */
export async function bundle(entryPoint: string, outfile: string): Promise<void> {
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
        // The few CommonJS packages inside still call require for Node's own modules.
        "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
      ].join('\n'),
    },
    logLevel: 'warning',
  });
}
