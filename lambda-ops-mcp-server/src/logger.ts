/** What a log line may carry: plain values only, so that no request, payload or token slips in. */
export type LogFields = Record<string, string | number | boolean | undefined>;

export interface Logger {
  info(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

/**
 * Logs one JSON object a line. CloudWatch Logs Insights finds the fields by name, and Lambda's JSON
 * log format keeps lines that are JSON already as they are.
 */
export function createLogger(stream: { write(line: string): unknown }): Logger {
  function log(level: 'INFO' | 'ERROR', message: string, fields: LogFields = {}): void {
    const timestamp = new Date().toISOString();
    stream.write(`${JSON.stringify({ timestamp, level, message, ...fields })}\n`);
  }
  return {
    info: (message, fields) => log('INFO', message, fields),
    error: (message, fields) => log('ERROR', message, fields),
  };
}

/** The cause of a failure for the operator: name, message and stack, never the values involved. */
export function causeFields(error: unknown): LogFields {
  if (!(error instanceof Error)) return { cause: typeof error };
  return { cause: `${error.name}: ${error.message}`, stack: error.stack };
}
