import { type IncomingMessage, request } from 'node:http';
import { expect } from 'chai';

/**
 * Checks that an answer is a JSON-RPC error under this status, and shows nothing of the server's
 * inside. Resolves to the error and the id that it is for.
 */
export async function refusal(response: Response, status: number) {
  // Before the body: a stream that was not refused has no end.
  expect(response.headers.get('content-type')).to.match(/^application\/json/);
  const text = await response.text();
  expect(response.status, text).to.equal(status);
  return errorIn(text);
}

/** The JSON-RPC error in a body, checked. JSON.parse gives it no type, so a test may look anywhere. */
export function errorIn(text: string) {
  expect(text).not.to.match(/\bat .+:\d+|node_modules|\.ts\b/);
  const { jsonrpc, id, error, ...others } = JSON.parse(text);
  expect(jsonrpc).to.equal('2.0');
  expect(others).to.deep.equal({});
  expect(Number.isInteger(error.code), text).to.equal(true);
  expect(error.message).to.be.a('string').and.not.equal('');
  return { id, error };
}

/** The answer to a request: the body, or the last event where it came as a stream. */
export async function answerOf(response: Response) {
  const text = await response.text();
  const isStream = response.headers.get('content-type') === 'text/event-stream';
  return JSON.parse(isStream ? (text.trim().split('\ndata: ').at(-1) ?? '') : text);
}

/** Sends these headers and no others: fetch adds some of its own, and keeps a test from others. */
export function bareRequest(
  url: URL,
  method: string,
  headers: Record<string, string>,
  body = '',
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request(url, { method, headers, agent: false }, resolve).on('error', reject).end(body);
  });
}
