const WHAT_WIDTH = 26;

/** What a demo shows: a line for each thing that has to hold. */
export interface Report {
  row(what: string, holds: boolean, seen: string): void;
  /** Counts an error that ended the demo before its time. */
  fail(error: unknown): void;
  /** Prints whether all of it held, and returns the exit code. */
  end(): 0 | 1;
}

/** Prints the lines as they come, and counts those that did not hold. */
export function createReport(): Report {
  let failures = 0;
  return {
    row(what, holds, seen) {
      if (!holds) failures += 1;
      console.log(`  ${holds ? '✔' : '✘'} ${what.padEnd(WHAT_WIDTH)} ${seen}`);
    },
    fail(error) {
      failures += 1;
      console.error(`The demo failed: ${error instanceof Error ? error.message : error}`);
    },
    end() {
      console.log(failures === 0 ? '\nAll of it held.' : `\n${failures} did not hold.`);
      return failures === 0 ? 0 : 1;
    },
  };
}
