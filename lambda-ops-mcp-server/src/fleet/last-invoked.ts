import type { Aws } from '../aws/aws.ts';

/** How far back the search for invocations goes, in days; CloudWatch keeps hourly sums for 455. */
const LAST_INVOKED_DAYS = 90;
const DAY_MS = 86_400_000;
const DAY_SECONDS = 86_400;

/**
 * The last UTC day on which each function was invoked, by name; functions without an invocation in
 * the last 90 days are left out. One call answers for up to 500 functions.
 */
export async function lastInvokedDays(
  aws: Aws,
  region: string,
  functionNames: readonly string[],
  now: Date,
): Promise<Map<string, string>> {
  const names = [...new Set(functionNames)];
  const from = new Date(now.getTime() - LAST_INVOKED_DAYS * DAY_MS);
  const { MetricDataResults = [] } = await aws.getMetricData(
    region,
    names.map((name, index) => dailyInvocations(name, `f${index}`)),
    from,
    now,
  );
  const days = new Map<string, string>();
  for (const { Id = '', Timestamps = [], Values = [] } of MetricDataResults) {
    const used = Timestamps.filter((_, index) => (Values[index] ?? 0) > 0);
    const last = used
      .map((moment) => moment.toISOString().slice(0, 10))
      .sort()
      .at(-1);
    const name = names[Number(Id.slice(1))];
    if (last !== undefined && name !== undefined) days.set(name, last);
  }
  return days;
}

function dailyInvocations(functionName: string, Id: string) {
  return {
    Id,
    MetricStat: {
      Metric: {
        Namespace: 'AWS/Lambda',
        MetricName: 'Invocations',
        Dimensions: [{ Name: 'FunctionName', Value: functionName }],
      },
      Period: DAY_SECONDS,
      Stat: 'Sum',
    },
  };
}
