import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import {
  CallToolRequestSchema,
  isJSONRPCRequest,
  ListToolsRequestSchema,
  McpError,
} from '@modelcontextprotocol/sdk/types.js';
import type { jsonSchemaValidator } from '@modelcontextprotocol/sdk/validation';
import { AjvJsonSchemaValidator } from '@modelcontextprotocol/sdk/validation/ajv';
import { HttpError, INVALID_PARAMS, INVALID_REQUEST } from '../http-errors.ts';
import { once } from '../once.ts';
import { callTool, listTools, progressReporter } from '../tools/call-tool.ts';
import type { McpDependencies } from './dependencies.ts';
import type { ProcessContext, ServePost } from './eras.ts';
import { openExchange } from './exchange.ts';
import { isRequest, type JsonRpcMessage, requestIdOf } from './message.ts';
import { withReadableError } from './readable-error.ts';

/** The one revision that has batches: 2025-06-18 removed them. It is also what no header means. */
const BATCH_VERSION = '2025-03-26';
/** One small request must not become thousands of calls. */
const MAX_BATCH_MESSAGES = 100;

/** Serves clients up to 2025-11-25, on `@modelcontextprotocol/sdk`. */
export function serveEra(deps: McpDependencies): ServePost {
  const { logger, serverInfo, instructions, tools } = deps;
  const listed = once(() => listTools(tools));
  const validator = once(() => new AjvJsonSchemaValidator());
  const jsonSchemaValidator: jsonSchemaValidator = {
    getValidator: (schema) => validator().getValidator(schema),
  };

  // Server and not McpServer: McpServer would register the tools and convert their schemas anew for
  // every request, promise `tools.listChanged`, and answer an unknown tool with a result.
  function createServer(process: ProcessContext): Server {
    const capabilities = { tools: { listChanged: false } };
    const server = new Server(serverInfo, { capabilities, instructions, jsonSchemaValidator });
    server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: listed() }));
    server.setRequestHandler(CallToolRequestSchema, ({ params }, extra) => {
      const tool = tools.find(({ name }) => name === params.name);
      if (!tool) throw new McpError(INVALID_PARAMS, `Unknown tool: ${params.name}`);
      const { signal, authInfo, _meta, sendNotification } = extra;
      const reportProgress = progressReporter(_meta?.progressToken, sendNotification);
      const context = { ...process, signal, authInfo, reportProgress };
      return callTool(tool, params.arguments, context, logger);
    });
    // Up to the colon: behind it, the SDK quotes the message that it could not handle.
    server.onerror = ({ message }) =>
      logger.error('protocol error', { cause: message.split(':')[0] });
    return server;
  }

  return async (req, res, messages, process) => {
    const isBatch = Array.isArray(req.body);
    if (isBatch) checkBatch(messages, req.get('mcp-protocol-version'));
    const requests = messages.filter(isRequest);
    // Notifications and responses alone: without a session there is nothing that they could reach.
    if (requests.length === 0) {
      res.status(202).end();
      return;
    }
    // The SDK drops what it does not recognise without an answer, and the client would wait.
    if (!requests.every(isJSONRPCRequest)) {
      throw new HttpError(400, 'The body is no request of MCP.', {
        code: INVALID_REQUEST,
        id: requestIdOf(req.body),
      });
    }
    const exchange = openExchange(req, res);
    const transport: Transport = {
      start: async () => {},
      send: async (message) => exchange.send(withReadableError(message)),
      close: async () => transport.onclose?.(),
    };
    const server = createServer(process);
    await server.connect(transport);
    // Only when the client left early, to abort its tools: a server that has answered holds nothing.
    res.once('close', () => {
      if (!res.writableFinished) void server.close();
    });
    const extra = {
      requestInfo: { headers: req.headers },
      ...(req.auth && { authInfo: req.auth }),
    };
    for (const request of requests) transport.onmessage?.(request, extra);
  };
}

function checkBatch(messages: readonly JsonRpcMessage[], version = BATCH_VERSION): void {
  const details = { code: INVALID_REQUEST };
  if (messages.length > MAX_BATCH_MESSAGES) {
    throw new HttpError(400, `A batch has at most ${MAX_BATCH_MESSAGES} messages.`, details);
  }
  if (version !== BATCH_VERSION) {
    throw new HttpError(
      400,
      `Protocol version ${version} has no batches: send one message.`,
      details,
    );
  }
  if (messages.some((message) => 'method' in message && message.method === 'initialize')) {
    throw new HttpError(400, 'The initialize request must not be part of a batch.', details);
  }
}
