import {
  ACCOUNT_ID,
  type EmulatedFunction,
  nextRevision,
  type PublishedVersion,
} from './account.ts';

/** A FunctionConfiguration as ListFunctions has it: without state, as Lambda leaves that out there. */
export function listed(fn: EmulatedFunction, published?: PublishedVersion) {
  const { seed, config } = fn;
  const runtime = published === undefined ? config.Runtime : published.runtime;
  const version = published?.version ?? '$LATEST';
  const isQualified = published !== undefined;
  return {
    FunctionName: seed.name,
    FunctionArn: isQualified ? `${fn.arn}:${version}` : fn.arn,
    ...(runtime === undefined ? {} : { Runtime: runtime, Handler: 'index.handler' }),
    Role: `arn:aws:iam::${ACCOUNT_ID}:role/emulated`,
    CodeSize: 1024,
    CodeSha256: 'xvRWvzvRCvPyHx4Ga/wtnL2QUAAB2VCXHkeHvLOdVuU=',
    Description: published?.description ?? '',
    Timeout: 3,
    MemorySize: config.MemorySize,
    LastModified: config.LastModified,
    Version: version,
    RevisionId: config.RevisionId,
    PackageType: seed.runtime === undefined ? 'Image' : 'Zip',
    Architectures: ['arm64'],
    ...(seed.masterArn === undefined ? {} : { MasterArn: seed.masterArn }),
    ...(seed.environment === undefined ? {} : { Environment: { Variables: seed.environment } }),
    ...(seed.layers === undefined
      ? {}
      : { Layers: seed.layers.map((Arn) => ({ Arn, CodeSize: 1 })) }),
    SnapStart: {
      ApplyOn: seed.hasSnapStart ? 'PublishedVersions' : 'None',
      OptimizationStatus: 'Off',
    },
  };
}

/** `$LATEST` with its state. Reading is what lets an update come to its end: no clock is needed. */
export function latest(fn: EmulatedFunction) {
  if (fn.update !== undefined) {
    fn.update.readsLeft -= 1;
    if (fn.update.readsLeft <= 0) endUpdate(fn);
  }
  const { LastUpdateStatus, LastUpdateStatusReason } = fn.config;
  return {
    ...listed(fn),
    State: 'Active',
    LastUpdateStatus,
    ...(LastUpdateStatusReason === undefined ? {} : { LastUpdateStatusReason }),
  };
}

/** A published version with its state: with SnapStart it is pending for some reads. */
export function versionState(fn: EmulatedFunction, published: PublishedVersion) {
  const isPending = published.pendingReads > 0;
  if (isPending) published.pendingReads -= 1;
  return {
    ...listed(fn, published),
    State: isPending ? 'Pending' : 'Active',
    LastUpdateStatus: 'Successful',
  };
}

function endUpdate(fn: EmulatedFunction): void {
  const { failure, from } = fn.update ?? {};
  fn.update = undefined;
  // Lambda gives the function one more revision when an update has come through.
  fn.config.RevisionId = nextRevision();
  fn.config.LastUpdateStatus = failure === undefined ? 'Successful' : 'Failed';
  if (failure === undefined) return;
  fn.config.LastUpdateStatusReason = failure;
  if (from !== undefined) fn.config.Runtime = from;
}
