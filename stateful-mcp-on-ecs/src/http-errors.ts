import type { ErrorRequestHandler, RequestHandler, Response } from 'express';
import { causeFields, type Logger } from './logger.ts';
import { requestIdOf } from './mcp/message.ts';

/** JSON-RPC 2.0 codes, and those that MCP adds (2026-07-28, section "Error codes"). */
export const PARSE_ERROR = -32700;
export const INVALID_REQUEST = -32600;
export const METHOD_NOT_FOUND = -32601;
export const INVALID_PARAMS = -32602;
export const INTERNAL_ERROR = -32603;
const REFUSED = -32000;
export const HEADER_MISMATCH = -32020;
export const UNSUPPORTED_PROTOCOL_VERSION = -32022;

export type RequestId = string | number | null;

interface HttpErrorDetails {
  readonly code?: number;
  readonly data?: unknown;
  readonly id?: RequestId;
}

/** A refusal that the client can act on: its message is sent as it stands. */
export class HttpError extends Error {
  readonly status: number;
  readonly code: number;
  readonly data: unknown;
  readonly id: RequestId;

  constructor(status: number, message: string, details: HttpErrorDetails = {}) {
    super(message);
    this.name = 'HttpError';
    this.status = status;
    this.code = details.code ?? REFUSED;
    this.data = details.data;
    this.id = details.id ?? null;
  }
}

function sendJsonRpcError(res: Response, error: HttpError): void {
  const { code, message, data } = error;
  // setHeader, not writeHead: serverless-express loses headers that are given to writeHead.
  res.status(error.status).setHeader('Content-Type', 'application/json');
  res.end(JSON.stringify({ jsonrpc: '2.0', id: error.id, error: { code, message, data } }));
}

/** RFC 9110, section 15.5.6: a 405 names the methods that are allowed. */
export function methodNotAllowed(...allowed: string[]): RequestHandler {
  return (req, res) => {
    res.setHeader('Allow', allowed.join(', '));
    throw new HttpError(405, `${req.method} is not available here. Use ${allowed.join(' or ')}.`);
  };
}

export const notFound: RequestHandler = (_req, res) => {
  res.status(404).json({ error: 'Nothing is here. The MCP endpoint is /mcp.' });
};

/** The one place where a failure becomes an answer. Only what the client can act on reaches it. */
export function errorHandler(logger: Logger): ErrorRequestHandler {
  return (error: unknown, req, res, _next) => {
    const known = error instanceof HttpError ? error : fromBodyParser(error);
    if (known === undefined) logger.error('request failed', causeFields(error));
    if (res.headersSent) {
      // The answer has begun, so its status is out already. Express would do the same, and log again.
      req.socket.destroy();
      return;
    }
    sendJsonRpcError(
      res,
      known ??
        new HttpError(500, 'The server failed. The cause is in its log.', {
          code: INTERNAL_ERROR,
          id: requestIdOf(req.body),
        }),
    );
  };
}

/** express.json() and the router report what is wrong with a request by `status` and `type`. */
function fromBodyParser(error: unknown): HttpError | undefined {
  if (!(error instanceof Error) || !('status' in error) || typeof error.status !== 'number') {
    return undefined;
  }
  const { status } = error;
  const type = 'type' in error ? error.type : undefined;
  if (type === 'entity.parse.failed') {
    return new HttpError(400, 'The body is not valid JSON.', { code: PARSE_ERROR });
  }
  if (type === 'entity.too.large') {
    return new HttpError(413, 'The body is too large: at most 1 MiB is accepted.');
  }
  if (status === 415) return new HttpError(415, 'Send the body as UTF-8 encoded JSON.');
  if (status >= 400 && status < 500) return new HttpError(status, 'The request is malformed.');
  return undefined;
}
