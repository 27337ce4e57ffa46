import type { Logger } from '../logger.ts';
import type { Tool } from '../tools/tool.ts';

/** What both eras need to serve. */
export interface McpDependencies {
  readonly serverInfo: { readonly name: string; readonly title: string; readonly version: string };
  readonly instructions: string;
  readonly tools: readonly Tool[];
  readonly servedBy: string;
  readonly logger: Logger;
}
