import type * as z from 'zod';

/** What a tool may use while it runs. */
export interface ToolContext {
  /** The process that runs the tool: a Lambda log stream, an ECS task id, or `local-<pid>`. */
  readonly servedBy: string;
  /** The server's version, from package.json. */
  readonly version: string;
  /** MCP requests that this process has answered, the present one included. */
  readonly requestCount: number;
  readonly uptimeSeconds: number;
  /** Aborts when the client cancels the call or goes away. */
  readonly signal: AbortSignal;
  /** Who calls, where an authentication middleware has set `req.auth`. */
  readonly authInfo: AuthInfo | undefined;
  /** Tells the client how far the call is. Dropped where nobody asked or the answer cannot stream. */
  reportProgress(progress: number, total: number): Promise<void>;
}

/** The part of the SDKs' AuthInfo that a tool may rely on; it is the same in both eras. */
export interface AuthInfo {
  readonly token: string;
  readonly clientId: string;
  readonly scopes: string[];
}

declare global {
  namespace Express {
    interface Request {
      auth?: AuthInfo;
    }
  }
}

/** The four hints of the specification, none left to its default (server/tools, "Annotations"). */
export interface ToolAnnotations {
  readonly readOnlyHint: boolean;
  readonly destructiveHint: boolean;
  readonly idempotentHint: boolean;
  readonly openWorldHint: boolean;
}

export interface Tool<
  Input extends z.ZodObject = z.ZodObject,
  Output extends z.ZodObject = z.ZodObject,
> {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly inputSchema: Input;
  readonly outputSchema: Output;
  readonly annotations: ToolAnnotations;
  /** @throws {ToolError} with a text for the model; any other error stays in the log */
  run(input: z.output<Input>, context: ToolContext): z.input<Output> | Promise<z.input<Output>>;
}

/** A failure that the model can act on: the message says what to do next. */
export class ToolError extends Error {
  override readonly name = 'ToolError';
}

/** Returns the tool as it is; it only ties the types of `run` to the schemas. */
export function defineTool<Input extends z.ZodObject, Output extends z.ZodObject>(
  tool: Tool<Input, Output>,
): Tool<Input, Output> {
  return tool;
}
