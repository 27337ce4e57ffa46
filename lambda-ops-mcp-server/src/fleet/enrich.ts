import * as z from 'zod';
import type { Aws } from '../aws/aws.ts';
import { createTolerance, type Tolerant } from '../aws/tolerance.ts';
import { type AliasTarget, aliasesOnVersions, aliasTarget, listAliases } from './aliases.ts';
import { functionRow } from './function-row.ts';
import { lastInvokedDays } from './last-invoked.ts';
import { type Owner, owner, ownerOf } from './owner.ts';
import type { Finding } from './scan.ts';

/** More would crowd out other rows; get-function shows every alias. */
const MAX_ALIASES_SHOWN = 5;

export const enrichedRow = functionRow.extend({
  owner: owner.nullable(),
  aliasesOnVersions: z
    .array(aliasTarget)
    .describe('Aliases that run published versions: upgrading $LATEST does not reach them'),
  lastInvoked: z
    .string()
    .nullable()
    .optional()
    .describe('Last day with an invocation within 90 days, when asked for'),
});
export type EnrichedRow = z.infer<typeof enrichedRow>;

interface Detail {
  owner: Owner | null;
  aliases: AliasTarget[];
}

/**
 * Adds owners, aliases and, when asked, last invocations to the rows of one page. A detail that
 * AWS refuses is left out; the reasons come back beside the rows, each once.
 */
export async function enrich(
  aws: Aws,
  findings: Finding[],
  options: { withLastInvoked: boolean; now: Date },
): Promise<{ rows: EnrichedRow[]; reasons: string[] }> {
  const { tolerant, reasons } = createTolerance();
  const invoked = options.withLastInvoked
    ? await invocations(aws, findings, options.now, tolerant)
    : undefined;
  // Versions of one function share tags and aliases, so each function is asked about once.
  const details = new Map<string, Promise<Detail>>();
  const rows = await Promise.all(
    findings.map(async (finding) => {
      const { functionArn, ...row } = finding;
      const detail = details.get(functionArn) ?? readDetail(aws, finding, tolerant);
      details.set(functionArn, detail);
      const { owner, aliases } = await detail;
      const lastInvoked = invoked?.get(row.region)?.get(row.functionName) ?? null;
      return {
        ...row,
        owner,
        aliasesOnVersions: aliasesFor(row.version, aliases),
        ...(invoked === undefined ? {} : { lastInvoked }),
      };
    }),
  );
  return { rows, reasons: [...reasons] };
}

async function readDetail(aws: Aws, finding: Finding, tolerant: Tolerant): Promise<Detail> {
  const { region, functionName, functionArn } = finding;
  const [tags, aliases] = await Promise.all([
    tolerant(
      aws.listTags(region, functionArn).then(({ Tags = {} }) => Tags),
      {},
    ),
    tolerant(listAliases(aws, region, functionName), []),
  ]);
  return { owner: ownerOf(tags), aliases };
}

/** On a published version's row, the aliases of that version; on `$LATEST`, those it cannot reach. */
function aliasesFor(version: string, aliases: AliasTarget[]): AliasTarget[] {
  const shown =
    version === '$LATEST'
      ? aliasesOnVersions(aliases)
      : aliases.filter(({ versions }) => versions.includes(version));
  return shown.slice(0, MAX_ALIASES_SHOWN);
}

async function invocations(aws: Aws, findings: Finding[], now: Date, tolerant: Tolerant) {
  const regions = [...new Set(findings.map(({ region }) => region))];
  const days = await Promise.all(
    regions.map((region) => {
      const names = findings.filter((row) => row.region === region).map((row) => row.functionName);
      return tolerant(lastInvokedDays(aws, region, names, now), new Map<string, string>());
    }),
  );
  return new Map(regions.map((region, index) => [region, days[index]]));
}
