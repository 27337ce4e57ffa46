import type { Logger } from '../logger.ts';
import { dayOf } from './calendar.ts';
import { PageShapeError, parseRuntimesPage } from './parse-page.ts';
import snapshotJson from './snapshot.json' with { type: 'json' };
import type { RuntimeDates, RuntimeTable, Snapshot } from './table.ts';

export const RUNTIMES_PAGE_URL = 'https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.md';
const READ_TIMEOUT_MS = 5_000;
const LIVE_FOR_MS = 24 * 60 * 60 * 1000;
/** A laptop without a network must not wait for the timeout on every call. */
const FAILED_FOR_MS = 10 * 60 * 1000;
/** AWS may drop a row of long ago; a page that lacks more than this share is a broken page. */
const MAX_MISSING_SHARE = 0.25;

export interface RuntimeSourceOptions {
  readonly isOffline: boolean;
  readonly url?: string | undefined;
  readonly logger: Logger;
  now(): Date;
}

/** The dated copy of AWS's table in this package; a test holds it to `snapshotFile`. */
export const snapshot: Snapshot = snapshotJson;

/**
 * Returns a function that gives the runtimes table: AWS's page as of today, kept for a day, or the
 * snapshot, with the reason. It never fails, and it never returns a part of the table.
 */
export function createRuntimeSource(options: RuntimeSourceOptions): () => Promise<RuntimeTable> {
  let kept: { table: Promise<RuntimeTable>; until: number } | undefined;
  return function load(): Promise<RuntimeTable> {
    const now = options.now().getTime();
    if (kept !== undefined && now < kept.until) return kept.table;
    const entry = { table: readOrFallBack(options), until: now + LIVE_FOR_MS };
    kept = entry;
    void entry.table.then(({ source }) => {
      if (source === 'snapshot') entry.until = now + FAILED_FOR_MS;
    });
    return entry.table;
  };
}

async function readOrFallBack(options: RuntimeSourceOptions): Promise<RuntimeTable> {
  if (options.isOffline) return fallBack('the server runs with --offline');
  try {
    return await readLiveTable(options.url ?? RUNTIMES_PAGE_URL, dayOf(options.now()));
  } catch (error) {
    const problem = describe(error);
    options.logger.error('runtimes page not used', { cause: problem });
    return fallBack(problem);
  }
}

/** @throws {PageShapeError | Error} when the page cannot be had or cannot be trusted */
export async function readLiveTable(url: string, asOf: string): Promise<RuntimeTable> {
  const response = await fetch(url, { signal: AbortSignal.timeout(READ_TIMEOUT_MS) });
  if (!response.ok) throw new Error(`AWS's page answered ${response.status}`);
  return { ...completed(parseRuntimesPage(await response.text())), source: 'live', asOf };
}

/** Adds rows that only the snapshot has, and says so; too many of them mean a broken page. */
function completed(live: RuntimeDates[]): Pick<RuntimeTable, 'runtimes' | 'problem'> {
  const known = new Set(live.map(({ identifier }) => identifier));
  const missing = snapshot.runtimes.filter(({ identifier }) => !known.has(identifier));
  if (missing.length === 0) return { runtimes: live };
  const names = missing.map(({ identifier }) => identifier).join(', ');
  if (missing.length > snapshot.runtimes.length * MAX_MISSING_SHARE) {
    throw new PageShapeError(`the page lacks ${missing.length} known runtimes`);
  }
  const problem = `AWS's page no longer lists ${names}; their dates are from ${snapshot.asOf}`;
  return { runtimes: [...live, ...missing], problem };
}

function fallBack(problem: string): RuntimeTable {
  return { ...snapshot, source: 'snapshot', problem };
}

function describe(error: unknown): string {
  if (error instanceof PageShapeError) return `AWS's page has changed its shape: ${error.message}`;
  if (error instanceof Error && error.name === 'TimeoutError') {
    return `AWS's page did not answer within ${READ_TIMEOUT_MS / 1000} s`;
  }
  if (error instanceof Error && error.message.startsWith("AWS's page")) return error.message;
  return "AWS's page could not be reached";
}
