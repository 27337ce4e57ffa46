import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import {
  CallToolRequestSchema,
  type JSONRPCMessage,
  ListResourcesRequestSchema,
  ListToolsRequestSchema,
  McpError,
  ReadResourceRequestSchema,
  SubscribeRequestSchema,
  UnsubscribeRequestSchema,
} from '@modelcontextprotocol/sdk/types.js';
import type { jsonSchemaValidator } from '@modelcontextprotocol/sdk/validation';
import { AjvJsonSchemaValidator } from '@modelcontextprotocol/sdk/validation/ajv';
import { INVALID_PARAMS } from '../http-errors.ts';
import type { Logger } from '../logger.ts';
import { NOTES_RESOURCE, readNotes } from '../notes.ts';
import { once } from '../once.ts';
import type { ConnectableServer } from '../sessions/calls.ts';
import type { ToolSession } from '../sessions/tool-session.ts';
import { callTool, listTools, progressReporter } from '../tools/call-tool.ts';
import type { Tool, ToolContext } from '../tools/tool.ts';
import { confirmer } from './confirm.ts';
import { withReadableError } from './readable-error.ts';

export interface ServerDependencies {
  readonly serverInfo: { readonly name: string; readonly title: string; readonly version: string };
  readonly instructions: string;
  readonly tools: readonly Tool[];
  /** Read at every call: ECS tells the task's id only after the start. */
  readonly servedBy: string;
  readonly logger: Logger;
}

/** Where the resource is unknown (specification: server/resources, "Error Handling"). */
const RESOURCE_NOT_FOUND = -32002;

/** Returns what makes an MCP server for one request of a session. */
export function serverFactory(
  deps: ServerDependencies,
): (session: ToolSession) => ConnectableServer {
  const { serverInfo, instructions, tools, logger } = deps;
  const listed = listTools(tools);
  // Compiling a schema is slow and a validator is large: one for all servers, made when needed.
  const validator = once(() => new AjvJsonSchemaValidator());
  const shared: jsonSchemaValidator = {
    getValidator: (schema) => validator().getValidator(schema),
  };
  let requestCount = 0;

  return (session) => {
    requestCount += 1;
    const server = new Server(serverInfo, {
      capabilities: { tools: {}, resources: { subscribe: true } },
      instructions,
      jsonSchemaValidator: shared,
    });
    const process: Pick<
      ToolContext,
      'servedBy' | 'version' | 'requestCount' | 'uptimeSeconds' | 'session'
    > = {
      servedBy: deps.servedBy,
      version: serverInfo.version,
      requestCount,
      uptimeSeconds: Math.round(performance.now() / 1000),
      session,
    };

    server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: listed }));
    server.setRequestHandler(CallToolRequestSchema, ({ params }, extra) => {
      const tool = tools.find(({ name }) => name === params.name);
      if (!tool) throw new McpError(INVALID_PARAMS, `Unknown tool: ${params.name}`);
      const { signal, authInfo, _meta, sendNotification } = extra;
      const reportProgress = progressReporter(_meta?.progressToken, sendNotification);
      const confirm = confirmer(session.clientCapabilities, extra);
      const context = { ...process, signal, authInfo, reportProgress, confirm };
      return callTool(tool, params.arguments, context, logger);
    });

    server.setRequestHandler(ListResourcesRequestSchema, () => ({ resources: [NOTES_RESOURCE] }));
    server.setRequestHandler(ReadResourceRequestSchema, async ({ params }) => {
      const { uri, mimeType } = known(params.uri);
      const notes = readNotes(await session.read());
      return { contents: [{ uri, mimeType, text: JSON.stringify({ notes }) }] };
    });
    server.setRequestHandler(SubscribeRequestSchema, async ({ params }) => {
      await session.setSubscription(known(params.uri).uri, true);
      return {};
    });
    server.setRequestHandler(UnsubscribeRequestSchema, async ({ params }) => {
      await session.setSubscription(known(params.uri).uri, false);
      return {};
    });
    // Up to the colon: behind it, the SDK quotes the message that it could not handle.
    server.onerror = ({ message }) =>
      logger.error('protocol error', { cause: message.split(':')[0] });
    return { connect: (transport) => server.connect(withReadableErrors(transport)) };
  };
}

/** The same transport to a server; errors that it sends become readable on their way. */
function withReadableErrors(transport: Transport): Transport {
  const readable: Transport = {
    async start() {
      const { onmessage, onclose, onerror } = readable;
      Object.assign(transport, { onmessage, onclose, onerror });
      await transport.start();
    },
    // `as`: only the error of a message is changed, to another one.
    send: (message) => transport.send(withReadableError(message) as JSONRPCMessage),
    close: () => transport.close(),
  };
  return readable;
}

function known(uri: string): typeof NOTES_RESOURCE {
  if (uri === NOTES_RESOURCE.uri) return NOTES_RESOURCE;
  throw new McpError(RESOURCE_NOT_FOUND, 'Resource not found. The only one is notes://session.', {
    uri,
  });
}
