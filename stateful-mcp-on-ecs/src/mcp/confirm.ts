import type { RequestHandlerExtra } from '@modelcontextprotocol/sdk/shared/protocol.js';
import {
  type ClientCapabilities,
  type ElicitRequest,
  ElicitResultSchema,
  McpError,
  type ServerNotification,
  type ServerRequest,
} from '@modelcontextprotocol/sdk/types.js';
import * as z from 'zod';
import { DEFAULT_LIMITS } from '../sessions/limits.ts';
import type { ToolSession } from '../sessions/tool-session.ts';
import { ToolError } from '../tools/tool.ts';

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
    const answer = sendRequest(request, ElicitResultSchema, options).catch(withoutAnswer);
    const { action, content } = await answer;
    if (action !== 'accept') return action === 'decline' ? 'no' : 'cancelled';
    return content?.confirm === true ? 'yes' : 'no';
  };
}

/** What went wrong at the client is told to the model. It is the client's text: no log may hold it. */
function withoutAnswer(error: unknown): never {
  if (!(error instanceof McpError || error instanceof z.core.$ZodError)) throw error;
  throw new ToolError(
    'The client has not passed on an answer of its user: it sent an error, something else, or nothing ' +
      'in time. Nothing was done. Ask the user whether to try once more.',
  );
}
