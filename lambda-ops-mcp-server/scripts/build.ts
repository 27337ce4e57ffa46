import { rm } from 'node:fs/promises';
import { bundle } from './bundle.ts';

/** Writes to dist/ what is deployed. */
await rm('dist', { recursive: true, force: true });
await bundle('dist');
