import * as z from 'zod';
import { boundedText } from '../answer-size.ts';
import type { Aws } from '../aws/aws.ts';
import type { FunctionRef } from './function-ref.ts';

/** Bounds in bytes of JSON, so that payload and log fit into one answer. */
const MAX_PAYLOAD_BYTES = 9_000;
const MAX_LOG_BYTES = 6_000;
const MAX_ERROR_BYTES = 600;

export const invocation = z.object({
  statusCode: z.number().int(),
  functionError: z.string().nullable().describe('`Handled` or `Unhandled`; null when it succeeded'),
  errorType: z.string().nullable(),
  errorMessage: z.string().nullable(),
  payload: z.unknown().describe('Decoded JSON, or the beginning of the text when it is too long'),
  isPayloadCut: z.boolean(),
  logTail: z.string().describe('The end of the log, at most 4 KB'),
});
export type Invocation = z.infer<typeof invocation>;

/** Runs a function once, synchronously. An error inside the function is a result, not a throw. */
export async function invokeOnce(
  aws: Aws,
  { functionName, region }: FunctionRef,
  options: { payload: unknown; qualifier?: string | undefined; signal?: AbortSignal },
): Promise<Invocation> {
  const answer = await aws.invoke(
    region,
    {
      FunctionName: functionName,
      Qualifier: options.qualifier,
      LogType: 'Tail',
      Payload: Buffer.from(JSON.stringify(options.payload ?? {})),
    },
    options.signal,
  );
  const text = Buffer.from(answer.Payload ?? []).toString('utf8');
  const decoded = decode(text);
  const failure = answer.FunctionError === undefined ? undefined : functionFailure(decoded);
  return {
    statusCode: answer.StatusCode ?? 0,
    functionError: answer.FunctionError ?? null,
    errorType: bounded(failure?.errorType),
    errorMessage: bounded(failure?.errorMessage),
    ...payloadWithin(text, decoded),
    logTail: logEnd(Buffer.from(answer.LogResult ?? '', 'base64').toString('utf8')),
  };
}

/** Asks Lambda whether the function may be invoked, without running it. */
export async function checkInvocation(
  aws: Aws,
  { functionName, region }: FunctionRef,
  qualifier?: string,
): Promise<number> {
  const answer = await aws.invoke(region, {
    FunctionName: functionName,
    Qualifier: qualifier,
    InvocationType: 'DryRun',
  });
  return answer.StatusCode ?? 0;
}

const lambdaError = z.object({
  errorType: z.string().optional(),
  errorMessage: z.string().optional(),
});

/** Lambda describes a failed run as `{ errorType, errorMessage, stackTrace }`. */
function functionFailure(decoded: unknown): z.infer<typeof lambdaError> | undefined {
  return lambdaError.safeParse(decoded).data;
}

function bounded(text: string | undefined): string | null {
  return text === undefined ? null : boundedText(text, MAX_ERROR_BYTES).text;
}

function payloadWithin(text: string, decoded: unknown) {
  const cut = boundedText(text, MAX_PAYLOAD_BYTES);
  return cut.isCut
    ? { payload: cut.text, isPayloadCut: true }
    : { payload: decoded, isPayloadCut: false };
}

function decode(text: string): unknown {
  if (text === '') return null;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** The last lines matter most, so a long log loses its beginning. */
function logEnd(log: string): string {
  let end = log;
  while (boundedText(end, MAX_LOG_BYTES).isCut) end = end.slice(Math.ceil(end.length / 8));
  return end;
}
