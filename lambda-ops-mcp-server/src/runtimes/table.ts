import * as z from 'zod';

const isoDate = z.iso.date();

/** One row of AWS's runtimes table. Dates are `YYYY-MM-DD` in UTC; null means not scheduled. */
export const runtimeDates = z.strictObject({
  identifier: z.string().regex(/^[a-z][a-z0-9.-]*$/),
  deprecated: isoDate.nullable(),
  createBlocked: isoDate.nullable(),
  updateBlocked: isoDate.nullable(),
  /** Offered as a base image only, so that a function's configuration cannot name it. */
  containerOnly: z.boolean().optional(),
});
export type RuntimeDates = z.infer<typeof runtimeDates>;

/** The dated copy of the table that ships with the package. */
export const snapshotFile = z.strictObject({
  asOf: isoDate,
  runtimes: z.array(runtimeDates).min(1),
});
export type Snapshot = z.infer<typeof snapshotFile>;

/** The table in use, and where it comes from. */
export interface RuntimeTable {
  readonly runtimes: readonly RuntimeDates[];
  readonly source: 'live' | 'snapshot';
  /** The day the table was read from AWS. */
  readonly asOf: string;
  /** Why the live page was not used, or what was odd about it. */
  readonly problem?: string;
}

/** A runtime's row; undefined for a container image, or where the table has none. */
export function findRuntime(
  table: RuntimeTable,
  identifier: string | undefined,
): RuntimeDates | undefined {
  return table.runtimes.find((runtime) => runtime.identifier === identifier);
}
