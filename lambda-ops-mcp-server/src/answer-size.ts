/** No answer is longer: text and structured part together, in bytes of JSON. */
export const MAX_ANSWER_BYTES = 20_480;

interface Sized {
  readonly text: string;
  readonly data: unknown;
}

/** The size of an answer, in bytes of JSON. */
export function answerBytes({ text, data }: Sized): number {
  return Buffer.byteLength(JSON.stringify({ text, data }));
}

/**
 * Builds an answer with as many of the rows as fit. `build` gets the number of rows to show; with
 * none it still has to fit.
 */
export function fittingAnswer<A extends Sized>(rowCount: number, build: (count: number) => A): A {
  // The wrapper around text and data in a result takes some more bytes.
  const limit = MAX_ANSWER_BYTES - 200;
  let count = rowCount;
  let answer = build(count);
  while (count > 0 && answerBytes(answer) > limit) {
    count -= 1;
    answer = build(count);
  }
  return answer;
}

/** Cuts a text so that it takes at most so many bytes as a JSON string. */
export function boundedText(text: string, maxBytes: number): { text: string; isCut: boolean } {
  if (Buffer.byteLength(JSON.stringify(text)) <= maxBytes) return { text, isCut: false };
  let [fits, tooLong] = [0, text.length];
  while (tooLong - fits > 1) {
    const middle = Math.floor((fits + tooLong) / 2);
    if (Buffer.byteLength(JSON.stringify(text.slice(0, middle))) <= maxBytes) fits = middle;
    else tooLong = middle;
  }
  return { text: text.slice(0, fits), isCut: true };
}
