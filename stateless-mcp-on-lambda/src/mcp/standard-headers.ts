import type { Request } from 'express';
import { HEADER_MISMATCH, HttpError } from '../http-errors.ts';
import type { JsonRpcRequest } from './message.ts';

/** The field of `params` that Mcp-Name repeats, by method. */
const NAME_FIELDS: Readonly<Record<string, string>> = {
  'tools/call': 'name',
  'prompts/get': 'name',
  'resources/read': 'uri',
};

export interface StandardHeaders {
  protocolVersionHeader?: string;
  mcpMethodHeader?: string;
  mcpNameHeader?: string;
}

/** Reads the headers that repeat the body, where they are present. */
export function standardHeadersOf(req: Request): StandardHeaders {
  const version = req.get('mcp-protocol-version');
  const method = req.get('mcp-method');
  const name = req.get('mcp-name');
  return {
    ...(version !== undefined && { protocolVersionHeader: version }),
    ...(method !== undefined && { mcpMethodHeader: method }),
    ...(name !== undefined && { mcpNameHeader: name }),
  };
}

/**
 * Refuses a modern request without the headers that repeat its body, so that what a gateway decides
 * by the headers is what the server runs (2026-07-28, basic/transports/streamable-http, "Standard
 * MCP Request Headers"). That present ones agree on version and method, the classifier has checked.
 * @throws {HttpError} 400 with -32020
 */
export function checkStandardHeaders(headers: StandardHeaders, request: JsonRpcRequest): void {
  const { protocolVersionHeader, mcpMethodHeader, mcpNameHeader } = headers;
  if (protocolVersionHeader === undefined) throw mismatch(request, 'MCP-Protocol-Version');
  if (mcpMethodHeader === undefined) throw mismatch(request, 'Mcp-Method');
  const field = NAME_FIELDS[request.method];
  const name = field === undefined ? undefined : request.params?.[field];
  if (typeof name !== 'string') return;
  if (mcpNameHeader === undefined || decode(mcpNameHeader) !== name) {
    throw mismatch(request, 'Mcp-Name');
  }
}

/** Names beyond visible ASCII travel as `=?base64?…?=`. */
function decode(header: string): string {
  const encoded = /^=\?base64\?(.*)\?=$/.exec(header)?.[1];
  return encoded === undefined ? header : Buffer.from(encoded, 'base64').toString('utf8');
}

function mismatch(request: JsonRpcRequest, header: string): HttpError {
  return new HttpError(400, `The ${header} header is missing or disagrees with the body.`, {
    code: HEADER_MISMATCH,
    id: request.id,
    data: { header },
  });
}
