import type { Aws } from '../aws/aws.ts';

/** Every region that is enabled for the account, in alphabetical order. */
export async function enabledRegions(aws: Aws): Promise<string[]> {
  const home = await aws.homeRegion();
  const names: string[] = [];
  let nextToken: string | undefined;
  do {
    const page = await aws.listRegions(home, nextToken);
    names.push(...(page.Regions ?? []).map(({ RegionName }) => RegionName ?? ''));
    nextToken = page.NextToken;
  } while (nextToken !== undefined);
  return names.filter((name) => name !== '').sort();
}
