import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import type { RequestHandlerExtra } from '@modelcontextprotocol/sdk/shared/protocol.js';
import type { ServerNotification, ServerRequest } from '@modelcontextprotocol/sdk/types.js';
import type { jsonSchemaValidator } from '@modelcontextprotocol/sdk/validation';
import { AjvJsonSchemaValidator } from '@modelcontextprotocol/sdk/validation/ajv';
import type { Aws } from './aws/aws.ts';
import { createScanBook } from './fleet/scan-book.ts';
import { instructionsFor } from './instructions.ts';
import type { Logger } from './logger.ts';
import { createConfirm } from './policy/confirm.ts';
import type { WritePolicy } from './policy/write-policy.ts';
import { registerUpgradePrompt } from './prompts/upgrade-deprecated-functions.ts';
import { registerRuntimesTable } from './resources/runtimes-table.ts';
import type { RuntimeTable } from './runtimes/table.ts';
import type { ToolContext } from './tools/define-tool.ts';
import { tools } from './tools/index.ts';
import { runTool } from './tools/run-tool.ts';
import { createPlanBook } from './upgrade/plan-book.ts';
import type { SettleOptions } from './upgrade/settle.ts';

export interface ServerDependencies {
  readonly version: string;
  readonly policy: WritePolicy;
  readonly settle: SettleOptions;
  readonly logger: Logger;
  aws(): Promise<Aws>;
  runtimes(): Promise<RuntimeTable>;
  now(): Date;
}

type Extra = RequestHandlerExtra<ServerRequest, ServerNotification>;

/** The MCP server: tools, the prompt and the resource. It is not connected to anything yet. */
export function createServer(deps: ServerDependencies): McpServer {
  const { policy, logger, now, settle, aws, runtimes } = deps;
  const server = new McpServer(
    { name: 'lambda-ops-mcp-server', title: 'Lambda Ops', version: deps.version },
    { instructions: instructionsFor(policy), jsonSchemaValidator: lazyValidator },
  );
  const shared = {
    ...{ policy, now, settle, aws, runtimes },
    plans: createPlanBook(now),
    scans: createScanBook(now),
    confirm: createConfirm(server.server, policy),
  };
  for (const tool of tools.filter(({ needsWrites }) => policy.allowsWrites || !needsWrites)) {
    const { name, title, description, inputSchema, outputSchema, annotations } = tool;
    server.registerTool(
      name,
      { title, description, inputSchema, outputSchema, annotations },
      (input, extra) => runTool(tool, input, { ...shared, ...perCall(extra) }, logger),
    );
  }
  // `initialize` is answered: the SDK loads while the model thinks about its first call.
  server.server.oninitialized = () => void aws().catch(() => undefined);
  registerUpgradePrompt(server, policy);
  registerRuntimesTable(server, runtimes);
  return server;
}

/** The SDK would make an Ajv at start-up; only the answer to an elicitation needs one. */
const lazyValidator: jsonSchemaValidator = {
  getValidator: (schema) => new AjvJsonSchemaValidator().getValidator(schema),
};

function perCall(extra: Extra): Pick<ToolContext, 'signal' | 'reportProgress'> {
  const progressToken = extra._meta?.progressToken;
  return {
    signal: extra.signal,
    async reportProgress(progress, total, message) {
      if (progressToken === undefined) return;
      const params = { progressToken, progress, total, message };
      await extra.sendNotification({ method: 'notifications/progress', params });
    },
  };
}
