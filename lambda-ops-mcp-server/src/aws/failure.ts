/** A call to AWS that failed: which IAM action, where, and the SDK's error as the cause. */
export class AwsFailure extends Error {
  override readonly name = 'AwsFailure';
  readonly action: string;
  readonly region: string;
  /** The SDK's error name, for example `AccessDeniedException`. */
  readonly code: string;

  constructor(action: string, region: string, cause: unknown) {
    const code = cause instanceof Error ? cause.name : 'UnknownError';
    super(`${code} from ${action}`, { cause });
    this.action = action;
    this.region = region;
    this.code = code;
  }

  /** AWS's own sentence, bounded. It may name resources: for the client, not for the log. */
  get detail(): string {
    return this.cause instanceof Error ? this.cause.message.slice(0, 300) : '';
  }
}

/** Whether an error is a failed call to AWS with one of these codes. */
export function isFailure(error: unknown, ...codes: string[]): error is AwsFailure {
  return error instanceof AwsFailure && codes.includes(error.code);
}
