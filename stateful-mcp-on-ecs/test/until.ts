import { setTimeout as sleep } from 'node:timers/promises';

/** Resolves when the condition holds. @throws {Error} when it does not within the time */
export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
  milliseconds = 8000,
): Promise<void> {
  const deadline = Date.now() + milliseconds;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`Not within ${milliseconds} ms: ${what}`);
    await sleep(10);
  }
}
