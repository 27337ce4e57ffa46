import { type BuildOptions, type BuildResult, build } from 'esbuild';

/** Bundles the server into a folder: what the Dockerfile copies into the image, without packages. */
export function bundle(outdir: string, changes: BuildOptions = {}): Promise<BuildResult> {
  return build({
    entryPoints: ['src/main.ts'],
    outdir,
    bundle: true,
    platform: 'node',
    target: 'node20',
    // Modules and splitting: each protocol era's SDK is a file of its own, read when it is needed.
    format: 'esm',
    splitting: true,
    outExtension: { '.js': '.mjs' },
    // Express and its friends are CommonJS, and call require() at run time.
    banner: {
      js: 'import{createRequire}from"node:module";const require=createRequire(import.meta.url);',
    },
    minify: true,
    logLevel: 'warning',
    ...changes,
  });
}
