import cors from 'cors';
import express, { type RequestHandler } from 'express';
import { HttpError, PARSE_ERROR } from './http-errors.ts';

const LOOPBACK_HOSTNAMES = ['localhost', '127.0.0.1', '[::1]'];
const MAX_BODY_BYTES = 1024 * 1024;
const PREFLIGHT_MAX_AGE_SECONDS = 3600;
// What the SDKs' clients send. It passes as it is: to parse both headers would slow every call down.
const USUAL_CONTENT_TYPE = 'application/json';
const USUAL_ACCEPT = 'application/json, text/event-stream';

/**
 * Refuses requests whose Host is not loopback while the server listens on loopback, so that no web
 * page reaches it through a name that resolves to 127.0.0.1 (DNS rebinding).
 */
export function requireLoopbackHost(listensOnLoopback: boolean): RequestHandler {
  return (req, _res, next) => {
    if (listensOnLoopback && !isLoopbackUrl(`http://${req.headers.host ?? ''}`)) {
      throw new HttpError(403, 'The Host header must name localhost or a loopback address.');
    }
    next();
  };
}

/**
 * Refuses browsers from other origins, and gives allowed ones their CORS answers. The transport
 * specification requires the check: basic/transports, "Security Warning".
 */
export function requireAllowedOrigin(
  allowedOrigins: readonly string[],
  listensOnLoopback: boolean,
  methods: string[] = ['POST'],
): RequestHandler {
  const answerCors = cors({
    origin: true,
    methods,
    exposedHeaders: ['Mcp-Session-Id', 'WWW-Authenticate'],
    maxAge: PREFLIGHT_MAX_AGE_SECONDS,
  });
  return (req, res, next) => {
    const { origin } = req.headers;
    // Only browsers send an Origin.
    if (origin === undefined) return next();
    if (!allowedOrigins.includes(origin) && !(listensOnLoopback && isLoopbackUrl(origin))) {
      throw new HttpError(403, 'This origin may not call the server. Add it to ALLOWED_ORIGINS.');
    }
    answerCors(req, res, next);
  };
}

/** Refuses what the endpoint cannot read (415) and clients that cannot read its answer (406). */
export const requireJson: RequestHandler = (req, _res, next) => {
  const length = req.headers['content-length'] ?? '0';
  if (length === '0' && req.headers['transfer-encoding'] === undefined) {
    throw new HttpError(400, 'The body is empty: send a JSON-RPC message.', { code: PARSE_ERROR });
  }
  if (req.headers['content-type'] !== USUAL_CONTENT_TYPE && !req.is('application/json')) {
    throw new HttpError(415, 'Send the message as Content-Type: application/json.');
  }
  if (req.headers.accept !== USUAL_ACCEPT && !req.accepts('application/json')) {
    throw new HttpError(406, 'The answer is JSON: let the Accept header admit application/json.');
  }
  next();
};

/** Reads the body as JSON: any value, because the endpoint itself says what is wrong with `42`. */
export function readJson(): RequestHandler {
  // requireJson has judged the Content-Type.
  return express.json({ limit: MAX_BODY_BYTES, strict: false, type: () => true });
}

function isLoopbackUrl(url: string): boolean {
  return URL.canParse(url) && LOOPBACK_HOSTNAMES.includes(new URL(url).hostname);
}
