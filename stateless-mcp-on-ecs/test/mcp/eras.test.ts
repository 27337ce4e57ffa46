import { SUPPORTED_PROTOCOL_VERSIONS } from '@modelcontextprotocol/sdk/types.js';
import { isLegacyRequest } from '@modelcontextprotocol/server';
import { expect } from 'chai';
import { ERAS, eraOf } from '../../src/mcp/eras.ts';

const VERSION = 'io.modelcontextprotocol/protocolVersion';
const CAPABILITIES = 'io.modelcontextprotocol/clientCapabilities';
const envelope = { [VERSION]: '2026-07-28', [CAPABILITIES]: {} };
const call = (params?: unknown, method = 'tools/list') => ({
  jsonrpc: '2.0',
  id: 1,
  method,
  params,
});
const notice = (params?: unknown) => ({
  jsonrpc: '2.0',
  method: 'notifications/cancelled',
  params,
});

const bodies: Record<string, unknown> = {
  'a bare request': call(),
  'a request with other _meta': call({ _meta: { progressToken: 1 } }),
  'a full envelope': call({ _meta: envelope }),
  'an envelope without capabilities': call({ _meta: { [VERSION]: '2026-07-28' } }),
  'an envelope of an older version': call({ _meta: { ...envelope, [VERSION]: '2025-11-25' } }),
  'an envelope of a later version': call({ _meta: { ...envelope, [VERSION]: '2031-01-01' } }),
  'a version that is no string': call({ _meta: { ...envelope, [VERSION]: 5 } }),
  'an envelope outside _meta': call(envelope),
  initialize: call({ protocolVersion: '2025-11-25' }, 'initialize'),
  'initialize that asks for a modern version': call(
    { protocolVersion: '2026-07-28' },
    'initialize',
  ),
  'initialize with a full envelope': call({ _meta: envelope }, 'initialize'),
  'initialize with half an envelope': call({ _meta: { [VERSION]: '2026-07-28' } }, 'initialize'),
  'server/discover without an envelope': call({}, 'server/discover'),
  'server/discover': call({ _meta: envelope }, 'server/discover'),
  'a bare notification': notice(),
  'a notification with an envelope': notice({ _meta: envelope }),
  'a response': { jsonrpc: '2.0', id: 1, result: {} },
  'an error response': { jsonrpc: '2.0', id: 1, error: { code: -1, message: 'no' } },
  'a legacy batch': [call(), notice()],
  'a batch with an envelope': [call(), call({ _meta: envelope })],
};
const headers: Record<string, string>[] = [
  {},
  { 'mcp-method': 'tools/list' },
  { 'mcp-method': 'tools/list', 'mcp-name': 'ping' },
  { 'mcp-protocol-version': '2025-03-26' },
  { 'mcp-protocol-version': '2025-11-25', 'mcp-method': 'tools/list' },
  { 'mcp-protocol-version': '2026-07-28' },
  { 'mcp-protocol-version': '2031-01-01' },
  { 'mcp-protocol-version': 'nonsense' },
];

describe('the era of a request', () => {
  for (const [name, body] of Object.entries(bodies)) {
    it(`is what the SDK's isLegacyRequest says, under any headers: ${name}`, async () => {
      for (const header of headers) {
        const request = new Request('http://localhost/mcp', {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...header },
          body: JSON.stringify(body),
        });
        const referee = (await isLegacyRequest(request)) ? 'legacy' : 'modern';
        const era = eraOf(header['mcp-protocol-version'], body);
        expect(era, JSON.stringify(header)).to.equal(referee);
      }
    });
  }

  it('covers exactly the versions that the SDKs serve', () => {
    const legacy = ERAS.find(({ name }) => name === 'legacy');
    expect(legacy?.versions).to.have.members(SUPPORTED_PROTOCOL_VERSIONS);
  });
});
