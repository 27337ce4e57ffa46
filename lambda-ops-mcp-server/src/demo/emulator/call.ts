import type { EmulatedFunction, LayerSeed, Region } from './account.ts';
import { notFound } from './aws-error.ts';

/** What an operation gets from its request. */
export interface Call {
  readonly region: Region;
  readonly regionName: string;
  readonly regionNames: readonly string[];
  readonly layers: readonly LayerSeed[];
  /** Function name, or a tagged resource's ARN. */
  readonly target: string;
  readonly query: URLSearchParams;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly body: unknown;
  /** Runtimes that Lambda no longer lets a function be set to. */
  readonly blockedRuntimes: ReadonlySet<string>;
}

export interface Reply {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly body: unknown;
}

export type Operation = (call: Call) => Reply;

/** @throws {AwsError} as Lambda does for a function that does not exist */
export function functionOf({ region, target }: Call): EmulatedFunction {
  const fn = region.get(target.split(':')[6] ?? target);
  if (fn === undefined) throw notFound(target);
  return fn;
}
