import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import { answerBytes, boundedText, MAX_ANSWER_BYTES } from '../answer-size.ts';
import { adviceFor } from '../aws/advice.ts';
import { AwsFailure } from '../aws/failure.ts';
import type { LogFields, Logger } from '../logger.ts';
import { type ToolContext, type ToolDefinition, ToolError } from './define-tool.ts';

const MAX_ERROR_BYTES = 4_000;

/**
 * Runs a tool and wraps what it returns. Whatever goes wrong becomes `isError` with a text for the
 * model (specification: server/tools, "Error Handling"); the cause of the unexpected goes to the log.
 */
export async function runTool(
  tool: ToolDefinition,
  input: Record<string, unknown>,
  context: ToolContext,
  logger: Logger,
): Promise<CallToolResult> {
  const startedAt = performance.now();
  const done = (outcome: string, fields: LogFields = {}) => {
    const milliseconds = Math.round(performance.now() - startedAt);
    logger.info('tool call', { tool: tool.name, outcome, milliseconds, ...fields });
  };
  try {
    const answer = await tool.run(input, context);
    if (answerBytes(answer) > MAX_ANSWER_BYTES) throw new Error('the answer is too long');
    done(answer.isError === true ? 'attention' : 'ok');
    return {
      content: [{ type: 'text', text: answer.text }],
      structuredContent: answer.data,
      ...(answer.isError === true ? { isError: true } : {}),
    };
  } catch (error) {
    done('error', errorFields(error));
    return toolError(textFor(error, tool, context));
  }
}

/** Names the cause without AWS's sentence, which may quote what was sent, and without a stack. */
export function errorFields(error: unknown): LogFields {
  if (error instanceof AwsFailure) {
    return { cause: error.code, action: error.action, region: error.region };
  }
  if (error instanceof ToolError) return { cause: 'refused' };
  return { cause: error instanceof Error ? `${error.name}: ${error.message}` : typeof error };
}

function textFor(error: unknown, tool: ToolDefinition, context: ToolContext): string {
  if (context.signal.aborted) return `The call of ${tool.name} was cancelled.`;
  if (error instanceof ToolError) return error.message;
  if (error instanceof AwsFailure) return adviceFor(error);
  return (
    `The tool ${tool.name} failed for a reason that is not in its arguments. ` +
    "Try once more; if it fails again, tell the user that the server's log on stderr has the cause."
  );
}

function toolError(text: string): CallToolResult {
  return {
    content: [{ type: 'text', text: boundedText(text, MAX_ERROR_BYTES).text }],
    isError: true,
  };
}
