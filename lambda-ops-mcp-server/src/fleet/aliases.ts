import * as z from 'zod';
import type { Aws } from '../aws/aws.ts';

/** An alias and the versions it sends traffic to. */
export const aliasTarget = z.object({ name: z.string(), versions: z.array(z.string()) });
export type AliasTarget = z.infer<typeof aliasTarget>;

/** Every alias of a function. */
export async function listAliases(
  aws: Aws,
  region: string,
  functionName: string,
): Promise<AliasTarget[]> {
  const aliases: AliasTarget[] = [];
  let marker: string | undefined;
  do {
    const page = await aws.listAliases(region, functionName, marker);
    for (const { Name = '', FunctionVersion = '', RoutingConfig } of page.Aliases ?? []) {
      const shifted = Object.keys(RoutingConfig?.AdditionalVersionWeights ?? {});
      aliases.push({ name: Name, versions: [FunctionVersion, ...shifted] });
    }
    marker = page.NextMarker;
  } while (marker !== undefined && marker !== '');
  return aliases;
}

/**
 * The aliases that a change of `$LATEST` does not reach, because they point at published versions,
 * which keep their runtime for ever.
 */
export function aliasesOnVersions(aliases: AliasTarget[]): AliasTarget[] {
  return aliases.filter(({ versions }) => versions.some((version) => version !== '$LATEST'));
}
