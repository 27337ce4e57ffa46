import { chmod } from 'node:fs/promises';
import { build } from 'esbuild';

const OUTPUT = 'dist/lambda-ops-mcp-server.mjs';

/** Bundles the server into one file that runs without node_modules. */
await build({
  entryPoints: ['src/index.ts'],
  outfile: OUTPUT,
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
await chmod(OUTPUT, 0o755);
