import {
  classifyInboundRequest,
  type InboundModernRoute,
  type JSONRPCMessage,
  type jsonSchemaValidator,
  PerRequestHTTPServerTransport,
  ProtocolError,
  Server,
} from '@modelcontextprotocol/server';
import { AjvJsonSchemaValidator } from '@modelcontextprotocol/server/validators/ajv';
import { HttpError, INVALID_PARAMS, METHOD_NOT_FOUND } from '../http-errors.ts';
import { once } from '../once.ts';
import { callTool, listTools, progressReporter } from '../tools/call-tool.ts';
import type { McpDependencies } from './dependencies.ts';
import type { ProcessContext, ServePost } from './eras.ts';
import { type Exchange, openExchange } from './exchange.ts';
import { createListen, doesToolListChange } from './listen.ts';
import { requestIdOf } from './message.ts';
import {
  checkStandardHeaders,
  type StandardHeaders,
  standardHeadersOf,
} from './standard-headers.ts';

/** How long a client may keep the tool list: it changes with a deployment only. */
const TOOL_LIST_TTL_MS = 300_000;

/** Serves clients from 2026-07-28 on, on `@modelcontextprotocol/server`. */
export function serveEra(deps: McpDependencies): ServePost {
  const { logger, serverInfo, instructions, tools } = deps;
  const listen = createListen(deps);
  const listed = once(() => listTools(tools));
  const validator = once(() => new AjvJsonSchemaValidator());
  const jsonSchemaValidator: jsonSchemaValidator = {
    getValidator: (schema) => validator().getValidator(schema),
  };

  // Server and not McpServer, for the reasons in legacy.ts.
  function createServer(process: ProcessContext): Server {
    const server = new Server(serverInfo, {
      capabilities: { tools: { listChanged: doesToolListChange } },
      instructions,
      supportedProtocolVersions: ['2026-07-28'],
      jsonSchemaValidator,
      cacheHints: { 'tools/list': { ttlMs: TOOL_LIST_TTL_MS, cacheScope: 'public' } },
    });
    server.setRequestHandler('tools/list', () => ({ tools: listed() }));
    server.setRequestHandler('tools/call', ({ params }, { mcpReq, http }) => {
      const tool = tools.find(({ name }) => name === params.name);
      if (!tool) throw new ProtocolError(INVALID_PARAMS, `Unknown tool: ${params.name}`);
      const { signal, notify, _meta } = mcpReq;
      const reportProgress = progressReporter(_meta?.progressToken, notify);
      const context = { ...process, signal, authInfo: http?.authInfo, reportProgress };
      return callTool(tool, params.arguments, context, logger);
    });
    // Up to the colon: behind it, the SDK quotes the message that it could not handle.
    server.onerror = ({ message }) =>
      logger.error('protocol error', { cause: message.split(':')[0] });
    return server;
  }

  return async (req, res, _messages, process) => {
    const headers = standardHeadersOf(req);
    const route = classify(headers, req.body);
    if (route.messageKind === 'notification') {
      res.status(202).end();
      return;
    }
    checkStandardHeaders(headers, route.message);
    if (route.message.method === 'subscriptions/listen') {
      return listen(req, res, route.message);
    }
    const transport = new ExchangeTransport(route, openExchange(req, res));
    const server = createServer(process);
    await server.connect(transport);
    // Only when the client left early, to abort its tool: a server that has answered holds nothing.
    res.once('close', () => {
      if (!res.writableFinished) void server.close();
    });
    transport.dispatch(req.auth);
  };
}

/** Has the SDK judge the `_meta` envelope, and the headers that repeat it. */
function classify(headers: StandardHeaders, body: unknown): InboundModernRoute {
  const outcome = classifyInboundRequest({ httpMethod: 'POST', ...headers, body });
  if (outcome.kind === 'modern') return outcome;
  const id = requestIdOf(body);
  // eraOf() brings no legacy request here; a test holds the two against each other.
  if (outcome.kind === 'legacy') throw new Error('A legacy request reached the modern era.');
  const { httpStatus, message, code, data } = outcome;
  throw new HttpError(httpStatus, message, { code, data, id });
}

/**
 * The SDK's transport for one exchange, because connecting it is what binds a server to the modern
 * era; but its messages go to Express as they are, not through web Request and Response objects,
 * whose conversion would take longer than the call.
 */
class ExchangeTransport extends PerRequestHTTPServerTransport {
  readonly #route: InboundModernRoute;
  readonly #exchange: Exchange;
  #isDispatching = false;

  constructor(route: InboundModernRoute, exchange: Exchange) {
    super({ classification: route.classification });
    this.#route = route;
    this.#exchange = exchange;
  }

  dispatch(authInfo: Express.Request['auth']): void {
    const { message, classification } = this.#route;
    this.#isDispatching = true;
    this.onmessage?.(message, { classification, ...(authInfo && { authInfo }) });
    this.#isDispatching = false;
  }

  override async send(message: JSONRPCMessage): Promise<void> {
    this.#exchange.send(message, this.#statusOf(message));
  }

  /**
   * An error that comes before a handler has run has an HTTP status of its own: 404 for an unknown
   * method, else 400 (2026-07-28, basic/transports/streamable-http). A handler's error has 200.
   */
  #statusOf(message: JSONRPCMessage): number {
    if (!this.#isDispatching || !('error' in message)) return 200;
    return message.error.code === METHOD_NOT_FOUND ? 404 : 400;
  }
}
