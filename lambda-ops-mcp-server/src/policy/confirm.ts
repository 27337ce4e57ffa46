import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { ToolError } from '../tools/define-tool.ts';
import type { WritePolicy } from './write-policy.ts';

/** A person may want to look around before answering. */
const ANSWER_TIMEOUT_MS = 10 * 60 * 1000;

/** Asks for leave to do something. Resolves when it is given. */
export type Confirm = (question: string, confirmArgument: boolean | undefined) => Promise<void>;

/**
 * The person confirms where the client can ask (elicitation); a `confirm: true` from the model does
 * not stand in for that. Elsewhere the argument is needed. `--no-confirm` lifts both.
 * The returned function throws {ToolError} without leave, before anything was changed.
 */
export function createConfirm(server: McpServer['server'], policy: WritePolicy): Confirm {
  return async (question, confirmArgument) => {
    if (!policy.asksForConfirmation) return;
    if (server.getClientCapabilities()?.elicitation?.form !== undefined) {
      await askPerson(server, question);
    } else if (confirmArgument !== true) {
      throw new ToolError(
        `Not confirmed, nothing was changed. ${question} Ask the user; if they agree, repeat the ` +
          'call with `confirm: true`.',
      );
    }
  };
}

async function askPerson(server: McpServer['server'], question: string): Promise<void> {
  const answer = await server
    .elicitInput(
      // Accepting is the answer: a form with nothing to fill in cannot be filled in wrongly.
      { message: question, requestedSchema: { type: 'object', properties: {} } },
      { timeout: ANSWER_TIMEOUT_MS },
    )
    .catch(() => ({ action: 'no answer' }));
  if (answer.action !== 'accept') {
    throw new ToolError(
      `The user did not confirm (${answer.action}). Nothing was changed. Do not repeat the call ` +
        'unless the user asks for it.',
    );
  }
}
