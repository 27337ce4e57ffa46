import { HttpError, INVALID_REQUEST } from '../http-errors.ts';
import type { JsonRpcRequest } from '../mcp/message.ts';

/** Refuses a request that takes more bytes than are kept. @throws {HttpError} 413 or 400 */
export function checkRequestSize(request: JsonRpcRequest, maxBytes: number): void {
  const bytes = bytesOf(request);
  if (bytes <= maxBytes) return;
  const text = `The request has ${bytes} bytes; a session takes ${maxBytes}. Send less at a time.`;
  throw new HttpError(413, text, { id: request.id });
}

function bytesOf(request: JsonRpcRequest): number {
  try {
    return Buffer.byteLength(JSON.stringify(request));
  } catch {
    // The only way in which JSON that was parsed cannot be written: it is deeper than the stack.
    const { id } = request;
    throw new HttpError(400, 'The message is nested too deeply.', { code: INVALID_REQUEST, id });
  }
}
