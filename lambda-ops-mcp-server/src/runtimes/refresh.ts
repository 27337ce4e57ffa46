import { writeFile } from 'node:fs/promises';
import { dayOf } from './calendar.ts';
import { differences, snapshotText } from './refresh-snapshot.ts';
import { RUNTIMES_PAGE_URL, readLiveTable, snapshot } from './source.ts';

/** Usage: `npm run refresh-runtimes [-- URL [FILE]]`. Rewrites the snapshot from AWS's page. */
try {
  const live = await readLiveTable(process.argv[2] ?? RUNTIMES_PAGE_URL, dayOf(new Date()));
  const changes = differences(snapshot.runtimes, live.runtimes);
  await writeFile(process.argv[3] ?? new URL('snapshot.json', import.meta.url), snapshotText(live));
  if (live.problem !== undefined) console.log(live.problem);
  console.log(changes.length === 0 ? 'Nothing has changed.' : changes.join('\n'));
  console.log(`The snapshot is now as of ${live.asOf}.`);
} catch (error) {
  const cause = error instanceof Error ? error.message : error;
  console.error(
    `The snapshot stays as of ${snapshot.asOf}, because AWS's page cannot be used: ${cause}`,
  );
  process.exitCode = 1;
}
