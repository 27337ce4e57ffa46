import * as z from 'zod';
import type { EnrichedRow } from '../fleet/enrich.ts';
import type { Scan } from '../fleet/scan.ts';
import { RUNTIME_STATUSES } from '../runtimes/status.ts';
import { countStatuses } from './get-runtimes-info.ts';

/** Runtimes counted by name; more would crowd out rows. */
const MAX_RUNTIMES_COUNTED = 20;

export const failedRegions = z.object({ reason: z.string(), regions: z.array(z.string()) });
export type FailedRegions = z.infer<typeof failedRegions>;

export const scanTotals = z.object({
  scanned: z.number().int(),
  found: z.number().int(),
  regions: z.number().int(),
  byStatus: z.partialRecord(z.enum(RUNTIME_STATUSES), z.number().int()),
  byRuntime: z.record(z.string(), z.number().int()),
  byRegion: z.record(z.string(), z.number().int()),
});
export type ScanTotals = z.infer<typeof scanTotals>;

/** Counts over the whole scan, whichever page is shown. */
export function totalsOf({ findings, scanned }: Scan): ScanTotals {
  const byRegion: Record<string, number> = {};
  const byRuntime: Record<string, number> = {};
  for (const { region, runtime } of findings) {
    byRegion[region] = (byRegion[region] ?? 0) + 1;
    byRuntime[runtime ?? 'none'] = (byRuntime[runtime ?? 'none'] ?? 0) + 1;
  }
  const mostUsed = Object.entries(byRuntime).sort((left, right) => right[1] - left[1]);
  return {
    scanned: [...scanned.values()].reduce((sum, count) => sum + count, 0),
    found: findings.length,
    regions: scanned.size,
    byStatus: countStatuses(findings),
    byRuntime: Object.fromEntries(mostUsed.slice(0, MAX_RUNTIMES_COUNTED)),
    byRegion,
  };
}

/** Regions mostly fail for one reason, with only their own name in it. */
export function groupByReason({ failedRegions: failed }: Scan): FailedRegions[] {
  const groups = new Map<string, string[]>();
  for (const { region, reason } of failed) {
    const key = reason.replaceAll(region, 'the region');
    groups.set(key, [...(groups.get(key) ?? []), region]);
  }
  return [...groups].map(([reason, regions]) => ({ reason, regions }));
}

/** The text of an answer: totals, what is missing, and the first few rows. */
export function summary(
  fixed: {
    totals: ScanTotals;
    failedRegions: FailedRegions[];
    incomplete: string[];
  },
  rows: EnrichedRow[],
  offset: number,
  source: string,
): string {
  const { totals } = fixed;
  const statuses = Object.entries(totals.byStatus).map(([status, count]) => `${count} ${status}`);
  const shown =
    rows.length === 0 ? [] : [`Rows ${offset + 1} to ${offset + rows.length}, most urgent first:`];
  return [
    `${totals.found} of ${totals.scanned} functions in ${totals.regions} regions need an upgrade` +
      `${statuses.length > 0 ? `: ${statuses.join(', ')}` : ''}.`,
    ...fixed.failedRegions.map(
      ({ reason, regions }) => `Not scanned: ${regions.join(', ')}. ${reason}`,
    ),
    ...fixed.incomplete.map((reason) => `Details are missing. ${reason}`),
    ...shown,
    ...rows.slice(0, 5).map(rowLine),
    source,
  ].join('\n');
}

function rowLine({
  functionName,
  region,
  version,
  runtime,
  status,
  deadline,
}: EnrichedRow): string {
  const which = version === '$LATEST' ? functionName : `${functionName}:${version}`;
  return `- ${which} (${region}): ${runtime}, ${status}, ${deadline ?? 'no date'}`;
}
