import * as z from 'zod';
import { causeFields, type Logger } from '../logger.ts';
import { type Tool, type ToolContext, ToolError } from './tool.ts';

/** A CallToolResult of either SDK. */
export interface ToolResult {
  [key: string]: unknown;
  content: { type: 'text'; text: string }[];
  structuredContent?: Record<string, unknown>;
  isError?: boolean;
}

/** A tool as `tools/list` shows it. */
export interface ListedTool {
  [key: string]: unknown;
  name: string;
  inputSchema: { [key: string]: unknown; type: 'object' };
  outputSchema: { [key: string]: unknown; type: 'object' };
}

/** Converts each tool's schemas to JSON Schema: once per process, as it takes longer than a call. */
export function listTools(tools: readonly Tool[]): ListedTool[] {
  return tools.map(({ name, title, description, inputSchema, outputSchema, annotations }) => ({
    name,
    title,
    description,
    inputSchema: { ...z.toJSONSchema(inputSchema, { io: 'input' }), type: 'object' },
    outputSchema: { ...z.toJSONSchema(outputSchema, { io: 'output' }), type: 'object' },
    annotations,
  }));
}

/**
 * Runs a tool and wraps what it returns. Whatever goes wrong becomes `isError` with a text for the
 * model (specification: server/tools, "Error Handling"); unexpected causes go to the log.
 */
export async function callTool(
  tool: Tool,
  args: unknown,
  context: ToolContext,
  logger: Logger,
): Promise<ToolResult> {
  const input = tool.inputSchema.safeParse(args ?? {});
  if (!input.success) {
    return toolError(`Invalid arguments for tool ${tool.name}: ${describeIssues(input.error)}`);
  }
  try {
    const output = tool.outputSchema.parse(await tool.run(input.data, context));
    return {
      content: [{ type: 'text', text: JSON.stringify(output) }],
      structuredContent: output,
    };
  } catch (error) {
    if (error instanceof ToolError) return toolError(error.message);
    logger.error('tool failed', { tool: tool.name, ...causeFields(error) });
    return toolError(
      `The tool ${tool.name} failed for a reason that is not in its arguments. ` +
        'Try once more; if it fails again, tell the user that the server log has the cause.',
    );
  }
}

/** Sends progress to a client that asked for it by a token; to no one else. */
export function progressReporter(
  progressToken: string | number | undefined,
  notify: (notification: ProgressNotification) => Promise<void>,
): ToolContext['reportProgress'] {
  return async (progress, total) => {
    if (progressToken === undefined) return;
    await notify({ method: 'notifications/progress', params: { progressToken, progress, total } });
  };
}

interface ProgressNotification {
  method: 'notifications/progress';
  params: { progressToken: string | number; progress: number; total: number };
}

function toolError(text: string): ToolResult {
  return { content: [{ type: 'text', text }], isError: true };
}

function describeIssues(error: z.ZodError): string {
  return error.issues
    .map(({ path, message }) => (path.length > 0 ? `${path.join('.')}: ${message}` : message))
    .join('; ');
}
