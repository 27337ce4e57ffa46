import { readFile } from 'node:fs/promises';
import { type BuildOptions, type BuildResult, build } from 'esbuild';
import { parse } from 'yaml';
import * as z from 'zod';

const pairs = z
  .array(z.string())
  .transform((list) => Object.fromEntries(list.map((pair) => pair.split(/=(.*)/s).slice(0, 2))));

const buildProperties = z.strictObject({
  EntryPoints: z.array(z.string()),
  Target: z.string(),
  Format: z.enum(['esm', 'cjs']),
  Splitting: z.boolean(),
  OutExtension: pairs,
  Banner: pairs,
  Alias: pairs,
  Minify: z.boolean(),
  Sourcemap: z.boolean(),
});

/**
 * Bundles the handler into a folder as `sam build` does: with the esbuild options that template.yaml
 * has, so that the two cannot drift apart.
 */
export async function bundle(outdir: string, changes: BuildOptions = {}): Promise<BuildResult> {
  const template = parse(await readFile('template.yaml', 'utf8'), { logLevel: 'error' });
  const properties = buildProperties.parse(template.Resources.McpFunction.Metadata.BuildProperties);
  return build({
    bundle: true,
    platform: 'node',
    logLevel: 'warning',
    entryPoints: properties.EntryPoints,
    target: properties.Target,
    format: properties.Format,
    splitting: properties.Splitting,
    outExtension: properties.OutExtension,
    banner: properties.Banner,
    alias: properties.Alias,
    minify: properties.Minify,
    sourcemap: properties.Sourcemap,
    outdir,
    ...changes,
  });
}
