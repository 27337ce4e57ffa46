import type { RequestHandlerExtra } from '@modelcontextprotocol/sdk/shared/protocol.js';
import {
  type ClientCapabilities,
  type ElicitRequest,
  ElicitResultSchema,
  type ServerNotification,
  type ServerRequest,
} from '@modelcontextprotocol/sdk/types.js';
import { DEFAULT_LIMITS } from '../sessions/limits.ts';
import type { ToolSession } from '../sessions/tool-session.ts';

declare module '../tools/tool.ts' {
  interface ToolContext {
    /** The session that the call belongs to. */
    readonly session: ToolSession;
    /** Asks the user a yes-or-no question. Undefined where the client cannot ask its user. */
    readonly confirm: ((question: string) => Promise<'yes' | 'no' | 'cancelled'>) | undefined;
  }
}

/** Elicitation in form mode: client/elicitation of 2025-11-25. An empty object means form mode. */
export function confirmer(
  { elicitation }: ClientCapabilities,
  { sendRequest, signal }: RequestHandlerExtra<ServerRequest, ServerNotification>,
): ((question: string) => Promise<'yes' | 'no' | 'cancelled'>) | undefined {
  if (!elicitation || (elicitation.url && !elicitation.form)) return undefined;
  return async (message) => {
    const request: ElicitRequest = {
      method: 'elicitation/create',
      params: {
        message,
        requestedSchema: {
          type: 'object',
          properties: { confirm: { type: 'boolean', title: 'Yes, do it' } },
          required: ['confirm'],
        },
      },
    };
    const options = { timeout: DEFAULT_LIMITS.askMs, signal };
    const { action, content } = await sendRequest(request, ElicitResultSchema, options);
    if (action !== 'accept') return action === 'decline' ? 'no' : 'cancelled';
    return content?.confirm === true ? 'yes' : 'no';
  };
}
