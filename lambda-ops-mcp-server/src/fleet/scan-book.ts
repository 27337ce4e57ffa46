import type { Scan } from './scan.ts';

/** A cursor may be used this long, in milliseconds; then the fleet may look different. */
const KEEP_MS = 15 * 60 * 1000;
/** A scan of a large fleet takes megabytes, so only the latest few are kept. */
const MAX_KEPT = 3;

export interface ScanBook {
  /** Keeps a scan and returns the name that its cursors carry. */
  keep(scan: Scan): string;
  find(scanId: string): Scan | undefined;
}

/** Keeps the last scans in this process, so that a cursor goes on in the scan it came from. */
export function createScanBook(now: () => Date): ScanBook {
  const kept = new Map<string, { scan: Scan; until: number }>();
  return {
    keep(scan) {
      const scanId = crypto.randomUUID();
      kept.set(scanId, { scan, until: now().getTime() + KEEP_MS });
      const [oldest] = kept.keys();
      if (kept.size > MAX_KEPT && oldest !== undefined) kept.delete(oldest);
      return scanId;
    },
    find(scanId) {
      const entry = kept.get(scanId);
      return entry !== undefined && now().getTime() < entry.until ? entry.scan : undefined;
    },
  };
}
