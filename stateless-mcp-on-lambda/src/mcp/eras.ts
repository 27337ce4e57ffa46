import type { Request, Response } from 'express';
import type { ToolContext } from '../tools/tool.ts';
import type { McpDependencies } from './dependencies.ts';
import { isRecord, type JsonRpcMessage } from './message.ts';

/** Answers one POST of its era: the messages of its body, which are one but for batches. */
export type ServePost = (
  req: Request,
  res: Response,
  messages: readonly JsonRpcMessage[],
  process: ProcessContext,
) => Promise<void>;

/** What a tool may know of the process that runs it. */
export type ProcessContext = Pick<
  ToolContext,
  'servedBy' | 'version' | 'requestCount' | 'uptimeSeconds'
>;

export interface Era {
  readonly name: 'legacy' | 'modern';
  /** The protocol versions served, newest first. */
  readonly versions: readonly string[];
  /** Loads the era's SDK. It is called when the first request of the era arrives, never before. */
  load(): Promise<{ serveEra(deps: McpDependencies): ServePost }>;
}

/** The eras served here. Delete a line and its file, and that era is gone with its SDK. */
export const ERAS: readonly Era[] = [
  { name: 'modern', versions: ['2026-07-28'], load: () => import('./modern.ts') },
  {
    name: 'legacy',
    versions: ['2025-11-25', '2025-06-18', '2025-03-26', '2024-11-05', '2024-10-07'],
    load: () => import('./legacy.ts'),
  },
];

const FIRST_MODERN_VERSION = '2026-07-28';
const META_PREFIX = 'io.modelcontextprotocol/';

/**
 * Tells the era of a POST by its body, and by its MCP-Protocol-Version header where the body says
 * nothing; Mcp-Method and Mcp-Name decide nothing. It agrees with the SDK's `isLegacyRequest`
 * without loading the SDK (2026-07-28, basic/versioning).
 */
export function eraOf(versionHeader: string | undefined, body: unknown): Era['name'] {
  if (Array.isArray(body)) return body.some((element) => claimOf(element)) ? 'modern' : 'legacy';
  if (!isRecord(body) || !('method' in body)) return 'legacy';
  const isHeaderModern = versionHeader !== undefined && versionHeader >= FIRST_MODERN_VERSION;
  const claim = claimOf(body);
  // Only a full claim makes `initialize` modern: it is the legacy handshake by its name.
  const isClaimed = body.method === 'initialize' ? isFullModernClaim(claim) : claim !== undefined;
  return isClaimed || isHeaderModern ? 'modern' : 'legacy';
}

/** The `_meta` of a message that names its protocol version there, as every modern one does. */
export function claimOf(message: unknown): Record<string, unknown> | undefined {
  const params = isRecord(message) ? message.params : undefined;
  const meta = isRecord(params) ? params._meta : undefined;
  return isRecord(meta) && `${META_PREFIX}protocolVersion` in meta ? meta : undefined;
}

function isFullModernClaim(claim: Record<string, unknown> | undefined): boolean {
  const version = claim?.[`${META_PREFIX}protocolVersion`];
  const capabilities = claim?.[`${META_PREFIX}clientCapabilities`];
  return typeof version === 'string' && version >= FIRST_MODERN_VERSION && isRecord(capabilities);
}
