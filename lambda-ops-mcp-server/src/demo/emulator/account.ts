/** The account number that ARNs carry. */
export const ACCOUNT_ID = '123456789012';

/** What a run of a function returns: depends on its runtime, as code does that a runtime breaks. */
export interface Run {
  readonly payload: unknown;
  readonly functionError?: 'Handled' | 'Unhandled';
  readonly log?: string;
}

/** What a test or the demo says about a function; the rest has defaults. */
export interface FunctionSeed {
  readonly name: string;
  /** Left out for a container image. */
  readonly runtime?: string;
  readonly lastModified?: string;
  readonly tags?: Record<string, string>;
  readonly environment?: Record<string, string>;
  readonly layers?: readonly string[];
  /** Runtimes of versions published before, `1` first. */
  readonly versions?: readonly string[];
  /** Alias to version. */
  readonly aliases?: Record<string, string>;
  readonly masterArn?: string;
  readonly hasSnapStart?: boolean;
  /** Day to number of invocations, for CloudWatch. */
  readonly invocations?: Record<string, number>;
  /** Runtimes to which Lambda fails to update the function, with its reason. */
  readonly failingUpdates?: Record<string, string>;
  run?(runtime: string, event: unknown): Run;
}

export interface Configuration {
  Runtime?: string;
  RevisionId: string;
  LastUpdateStatus: 'Successful' | 'InProgress' | 'Failed';
  LastUpdateStatusReason?: string;
  LastModified: string;
  MemorySize: number;
}

export interface PublishedVersion {
  readonly version: string;
  readonly runtime: string | undefined;
  readonly description: string;
  /** Reads until a SnapStart version is active. */
  pendingReads: number;
}

/** A function as the emulator keeps it. */
export interface EmulatedFunction {
  readonly seed: FunctionSeed;
  readonly region: string;
  readonly arn: string;
  readonly config: Configuration;
  readonly tags: Record<string, string>;
  readonly versions: PublishedVersion[];
  /** The update under way: it ends after so many reads, well or with a reason. */
  update: { readsLeft: number; from: string | undefined; failure: string | undefined } | undefined;
}

export interface LayerSeed {
  readonly arn: string;
  readonly compatibleRuntimes?: readonly string[];
}

/** One region's functions by name, in the order in which Lambda lists them. */
export type Region = Map<string, EmulatedFunction>;

let revisions = 0;
/** A new id for every change, as Lambda gives one. */
export function nextRevision(): string {
  revisions += 1;
  return `00000000-0000-4000-8000-${String(revisions).padStart(12, '0')}`;
}

/** A function as it is before anyone has changed it. */
export function emulatedFunction(region: string, seed: FunctionSeed): EmulatedFunction {
  return {
    seed,
    region,
    arn: `arn:aws:lambda:${region}:${ACCOUNT_ID}:function:${seed.name}`,
    config: {
      ...(seed.runtime === undefined ? {} : { Runtime: seed.runtime }),
      RevisionId: nextRevision(),
      LastUpdateStatus: 'Successful',
      LastModified: seed.lastModified ?? '2024-05-06T07:08:09.000+0000',
      MemorySize: 128,
    },
    tags: { ...seed.tags },
    versions: (seed.versions ?? []).map((runtime, index) => ({
      version: String(index + 1),
      runtime,
      description: '',
      pendingReads: 0,
    })),
    update: undefined,
  };
}
