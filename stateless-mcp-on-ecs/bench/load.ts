import autocannon from 'autocannon';
import type { Call } from './calls.ts';

const CONNECTIONS = 16;

export interface Load {
  readonly requestsPerSecond: number;
  readonly p99Ms: number;
}

/**
 * Sends one call over 16 connections for some seconds, each as fast as its answers come.
 * @throws {Error} when an answer is missing or not 200
 */
export async function load(url: string, call: Call, seconds: number): Promise<Load> {
  const { headers, body } = call;
  const durations: number[] = [];
  const result = await new Promise<autocannon.Result>((resolve, reject) => {
    const instance = autocannon(
      { url, method: 'POST', headers, body, connections: CONNECTIONS, duration: seconds },
      (error, done) => (error ? reject(error) : resolve(done)),
    );
    // autocannon's own percentiles are whole milliseconds.
    instance.on('response', (_client, _status, _bytes, milliseconds) => {
      durations.push(milliseconds);
    });
  });
  const { errors, timeouts, non2xx } = result;
  if (errors + timeouts + non2xx > 0) {
    throw new Error(`${url}, ${call.era} ${call.title}: ${errors} errors, ${non2xx} not 2xx`);
  }
  durations.sort((a, b) => a - b);
  return {
    requestsPerSecond: durations.length / result.duration,
    p99Ms: durations[Math.floor(durations.length * 0.99)] ?? Number.NaN,
  };
}
