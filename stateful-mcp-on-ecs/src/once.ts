/** Delays what may never be needed to its first use, and keeps it: a cold start pays for nothing else. */
export function once<T extends object>(create: () => T): () => T {
  let value: T | undefined;
  return () => {
    value ??= create();
    return value;
  };
}
