import { setTimeout as sleep } from 'node:timers/promises';
import { StoreUnavailable } from './store.ts';

/** A request has an answer, or is given up, within this time: clients get their 503 within 5 s. */
const DEADLINE_MS = 4000;
const ATTEMPT_TIMEOUT_MS = 1500;
const FIRST_PAUSE_MS = 25;
const LONGEST_PAUSE_MS = 400;

/** Errors that another attempt would meet again. */
const FINAL_ERRORS = new Set([
  'AccessDeniedException',
  'ResourceNotFoundException',
  'UnrecognizedClientException',
  'ValidationException',
]);

interface Sent<Output> {
  readonly output: Output;
  /** The request's condition did not hold. */
  readonly isRefused: boolean;
}

export interface Sender {
  readonly isAvailable: boolean;
  /** @throws {StoreUnavailable} */
  send<Output extends object>(
    request: (options: { abortSignal: AbortSignal }) => Promise<Output>,
  ): Promise<Sent<Partial<Output>>>;
}

/**
 * Sends requests to DynamoDB until one attempt is answered or the time is over. The SDK's own retries
 * have a budget per client that an outage of seconds exhausts, so they are off (dynamo-client.ts).
 */
export function createSender(): Sender {
  let isAvailable = true;
  return {
    get isAvailable() {
      return isAvailable;
    },
    async send<Output extends object>(
      request: (options: { abortSignal: AbortSignal }) => Promise<Output>,
    ) {
      const deadline = Date.now() + DEADLINE_MS;
      for (let attempts = 1; ; attempts += 1) {
        try {
          const timeLeft = Math.max(1, deadline - Date.now());
          const abortSignal = AbortSignal.timeout(Math.min(ATTEMPT_TIMEOUT_MS, timeLeft));
          const output = await request({ abortSignal });
          isAvailable = true;
          return { output, isRefused: false };
        } catch (error) {
          if (nameOf(error) === 'ConditionalCheckFailedException') {
            isAvailable = true;
            return { output: {}, isRefused: true };
          }
          const pause = pauseAfter(attempts);
          if (FINAL_ERRORS.has(nameOf(error)) || Date.now() + pause > deadline) {
            isAvailable = false;
            throw new StoreUnavailable('DynamoDB does not answer.', { cause: error });
          }
          await sleep(pause);
        }
      }
    },
  };
}

/** Exponential, with jitter: tasks that failed together must not come back together. */
function pauseAfter(attempts: number): number {
  const longest = Math.min(FIRST_PAUSE_MS * 2 ** attempts, LONGEST_PAUSE_MS);
  return longest * (0.5 + Math.random() / 2);
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : '';
}
