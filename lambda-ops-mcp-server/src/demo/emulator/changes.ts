import * as z from 'zod';
import { type EmulatedFunction, nextRevision } from './account.ts';
import { AwsError } from './aws-error.ts';
import { type Call, functionOf, type Reply } from './call.ts';
import { listed, versionState } from './configuration.ts';

/** How many reads an asynchronous update takes. */
const READS_PER_UPDATE = 2;

const updateInput = z.object({
  Runtime: z.string().optional(),
  MemorySize: z.number().optional(),
  RevisionId: z.string().optional(),
});

/** UpdateFunctionConfiguration, as far as the server uses it. */
export function updateConfiguration(call: Call): Reply {
  const fn = functionOf(call);
  const input = updateInput.parse(call.body);
  assertIdle(fn);
  assertRevision(fn, input.RevisionId);
  const runtime = input.Runtime ?? fn.config.Runtime;
  if (input.Runtime !== undefined && call.blockedRuntimes.has(input.Runtime)) {
    throw new AwsError(
      400,
      'InvalidParameterValueException',
      `The runtime parameter of ${input.Runtime} is no longer supported for updating AWS Lambda functions.`,
    );
  }
  const failure = runtime === undefined ? undefined : fn.seed.failingUpdates?.[runtime];
  fn.update = { readsLeft: READS_PER_UPDATE, from: fn.config.Runtime, failure };
  if (runtime !== undefined) fn.config.Runtime = runtime;
  if (input.MemorySize !== undefined) fn.config.MemorySize = input.MemorySize;
  fn.config.RevisionId = nextRevision();
  fn.config.LastUpdateStatus = 'InProgress';
  delete fn.config.LastUpdateStatusReason;
  return { body: { ...listed(fn), State: 'Active', LastUpdateStatus: 'InProgress' } };
}

const publishInput = z.object({
  RevisionId: z.string().optional(),
  Description: z.string().default(''),
});

/** PublishVersion: keeps the present state under the next number. */
export function publishVersion(call: Call): Reply {
  const fn = functionOf(call);
  const { RevisionId, Description } = publishInput.parse(call.body ?? {});
  assertIdle(fn);
  assertRevision(fn, RevisionId);
  const newest = fn.versions.at(-1);
  // Lambda publishes nothing new while neither code nor configuration nor description changed.
  if (newest?.runtime === fn.config.Runtime && newest?.description === Description) {
    return { status: 201, body: versionState(fn, newest) };
  }
  const published = {
    version: String(fn.versions.length + 1),
    runtime: fn.config.Runtime,
    description: Description,
    pendingReads: fn.seed.hasSnapStart ? READS_PER_UPDATE : 0,
  };
  fn.versions.push(published);
  fn.config.RevisionId = nextRevision();
  return { status: 201, body: versionState(fn, published) };
}

function assertIdle(fn: EmulatedFunction): void {
  if (fn.update === undefined) return;
  const message = `The operation cannot be performed at this time. An update is in progress for resource: ${fn.arn}`;
  throw new AwsError(409, 'ResourceConflictException', message);
}

function assertRevision(fn: EmulatedFunction, revision: string | undefined): void {
  if (revision === undefined || revision === fn.config.RevisionId) return;
  const message = 'The RevisionId provided does not match the latest RevisionId.';
  throw new AwsError(412, 'PreconditionFailedException', message);
}
