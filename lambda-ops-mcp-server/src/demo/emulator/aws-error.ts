/** An error as AWS's REST services answer it. */
export class AwsError extends Error {
  readonly status: number;
  readonly type: string;

  constructor(status: number, type: string, message: string) {
    super(message);
    this.status = status;
    this.type = type;
  }
}

/** Lambda's answer for a function that does not exist. */
export function notFound(what: string): AwsError {
  return new AwsError(404, 'ResourceNotFoundException', `Function not found: ${what}`);
}

/** AWS's answer to credentials that lack an IAM action. */
export function accessDenied(action: string): AwsError {
  const message = `User: arn:aws:iam::123456789012:user/dev is not authorized to perform: ${action}`;
  return new AwsError(403, 'AccessDeniedException', message);
}

/** Lambda's answer beyond its request rate. */
export function throttled(): AwsError {
  return new AwsError(429, 'TooManyRequestsException', 'Rate exceeded');
}
