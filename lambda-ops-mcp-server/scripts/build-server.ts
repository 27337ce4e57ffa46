import { chmod } from 'node:fs/promises';
import { bundle } from './bundle-module.ts';

const OUTPUT = 'dist/lambda-ops-mcp-server.mjs';

await bundle('src/index.ts', OUTPUT);
await chmod(OUTPUT, 0o755);
