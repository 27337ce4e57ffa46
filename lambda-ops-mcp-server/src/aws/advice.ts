import type { AwsFailure } from './failure.ts';

type Advice = (failure: AwsFailure) => string;

const accessDenied: Advice = ({ action, region }) =>
  `Access denied: the credentials lack ${action} in ${region}, or a policy denies it. ` +
  `Allow ${action} (the package's iam folder has policies with every action) and try again` +
  `${action === 'account:ListRegions' ? ', or name the regions in `regions`, which needs no list' : ''}.`;

const throttled: Advice = ({ action, region }) =>
  `AWS still throttles ${action} in ${region} after several attempts with growing pauses. ` +
  'Wait a minute and try again, or name fewer regions.';

const expired: Advice = () =>
  'The AWS credentials have expired. Sign in again (for example `aws sso login`), then repeat the call.';

const noCredentials: Advice = () =>
  'No usable AWS credentials were found. Set AWS_PROFILE in the client configuration, or sign in ' +
  '(for example `aws sso login`), and restart the server.';

const wrongRegion: Advice = ({ region }) =>
  `AWS does not accept these credentials in ${region}: the region may not be enabled for the ` +
  'account, or the credentials belong to another partition. Check the region and the profile.';

const unreachable: Advice = ({ action, region }) =>
  `The endpoint for ${action} in ${region} cannot be reached. Check the spelling of the region, ` +
  'the network, and AWS_ENDPOINT_URL where it is set.';

const notFound: Advice = ({ region }) =>
  `There is no such function, version or layer in ${region}. Check functionName, qualifier and ` +
  'region; list-functions shows what exists.';

const conflict: Advice = ({ region }) =>
  `The function in ${region} is being created or updated right now. Wait until that is done ` +
  '(get-function shows lastUpdateStatus), then make a new plan.';

const changed: Advice = () =>
  'The function was changed by someone else in the meantime (its revision is another one), and ' +
  'this call changed nothing. Make a new plan with plan-runtime-upgrade.';

const rejected: Advice = ({ action, detail }) =>
  `AWS rejects the request (${action}): ${detail} Correct it and try again.`;

const snapStart: Advice = ({ code }) =>
  `SnapStart is not ready or failed (${code}). Wait until the published version is Active, or look ` +
  "at the function's initialization code, then try again.";

const keyProblem: Advice = ({ code }) =>
  `Lambda cannot use the function's KMS key (${code}). Check that the key is enabled and that the ` +
  "function's role may decrypt with it.";

const timedOut: Advice = ({ action, region }) =>
  `${action} in ${region} did not answer in time. Check the network and try again.`;

const ADVICE: Record<string, Advice> = {
  AccessDeniedException: accessDenied,
  AccessDenied: accessDenied,
  UnauthorizedOperation: accessDenied,
  TooManyRequestsException: throttled,
  ThrottlingException: throttled,
  Throttling: throttled,
  ExpiredTokenException: expired,
  ExpiredToken: expired,
  TokenProviderError: expired,
  CredentialsProviderError: noCredentials,
  UnrecognizedClientException: wrongRegion,
  InvalidClientTokenId: wrongRegion,
  InvalidSignatureException: noCredentials,
  ResourceNotFoundException: notFound,
  ResourceConflictException: conflict,
  PreconditionFailedException: changed,
  InvalidParameterValueException: rejected,
  InvalidRequestContentException: rejected,
  InvalidRuntimeException: rejected,
  ValidationException: rejected,
  ValidationError: rejected,
  RequestTooLargeException: rejected,
  CodeStorageExceededException: () =>
    'The account has no room for another function version in this region. Delete versions that ' +
    'nobody needs, or raise the quota, and try again.',
  SnapStartException: snapStart,
  SnapStartNotReadyException: snapStart,
  SnapStartTimeoutException: snapStart,
  KMSAccessDeniedException: keyProblem,
  KMSDisabledException: keyProblem,
  KMSInvalidStateException: keyProblem,
  KMSNotFoundException: keyProblem,
  TimeoutError: timedOut,
};

/** One sentence or two on a failed call: the cause and the next step. */
export function adviceFor(failure: AwsFailure): string {
  if (failure.action === 'region') {
    return 'No region is known. Pass `region`, or set AWS_REGION or a profile with a region.';
  }
  const advice = ADVICE[failure.code];
  if (advice !== undefined) return advice(failure);
  if (isNetworkError(failure.cause)) return unreachable(failure);
  return (
    `${failure.action} failed in ${failure.region} with ${failure.code}. ` +
    'Try again; if it stays, look the error up in the documentation of that action.'
  );
}

function isNetworkError(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && /^E[A-Z_]+$/.test(String(cause.code));
}
