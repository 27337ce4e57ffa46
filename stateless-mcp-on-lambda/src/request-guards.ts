import cors from 'cors';
import type { RequestHandler } from 'express';
import { HttpError } from './http-errors.ts';

const LOOPBACK_HOSTNAMES = ['localhost', '127.0.0.1', '[::1]'];
const PREFLIGHT_MAX_AGE_SECONDS = 3600;

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
): RequestHandler {
  return cors({
    methods: ['POST'],
    exposedHeaders: ['Mcp-Session-Id', 'WWW-Authenticate'],
    maxAge: PREFLIGHT_MAX_AGE_SECONDS,
    origin(origin, callback) {
      const isAllowed =
        origin === undefined ||
        allowedOrigins.includes(origin) ||
        (listensOnLoopback && isLoopbackUrl(origin));
      if (isAllowed) return callback(null, origin ?? false);
      callback(
        new HttpError(403, 'This origin may not call the server. Add it to ALLOWED_ORIGINS.'),
      );
    },
  });
}

/** Refuses what the endpoint cannot read (415) and clients that cannot read its answer (406). */
export const requireJson: RequestHandler = (req, _res, next) => {
  if (!req.is('application/json')) {
    throw new HttpError(415, 'Send the message as Content-Type: application/json.');
  }
  if (!req.accepts('application/json')) {
    throw new HttpError(406, 'The answer is JSON: let the Accept header admit application/json.');
  }
  next();
};

function isLoopbackUrl(url: string): boolean {
  return URL.canParse(url) && LOOPBACK_HOSTNAMES.includes(new URL(url).hostname);
}
