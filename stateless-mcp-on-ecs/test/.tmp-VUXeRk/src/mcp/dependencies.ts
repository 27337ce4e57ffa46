import type { Logger } from '../logger.ts';
import type { Tool } from '../tools/tool.ts';

/** What both eras need to serve. */
export interface McpDependencies {
  readonly serverInfo: { readonly name: string; readonly title: string; readonly version: string };
  readonly instructions: string;
  readonly tools: readonly Tool[];
  /** Read at every call: ECS tells the task's id only after the start. */
  readonly servedBy: string;
  readonly logger: Logger;
  /** `subscriptions/listen` streams that this task holds; more are refused. */
  readonly maxSubscriptions: number;
  /** Aborts when this task begins to stop. */
  readonly draining: AbortSignal;
}
