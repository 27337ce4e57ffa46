const MODERN_META = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientInfo': { name: 'test', version: '0.0.0' },
  'io.modelcontextprotocol/clientCapabilities': {},
};

/** The fetch options of a well-formed POST of either era; tests change one thing at a time. */
export function post(
  era: 'legacy' | 'modern',
  method: string,
  params: Record<string, unknown> = {},
  headers: Record<string, string> = {},
): RequestInit {
  const isModern = era === 'modern';
  const name = typeof params.name === 'string' ? params.name : undefined;
  return {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'mcp-protocol-version': isModern ? '2026-07-28' : '2025-11-25',
      ...(isModern && { 'mcp-method': method, ...(name && { 'mcp-name': name }) }),
      ...headers,
    },
    body: JSON.stringify({
      jsonrpc: '2.0',
      id: 7,
      method,
      params: isModern ? { ...params, _meta: MODERN_META } : params,
    }),
  };
}
