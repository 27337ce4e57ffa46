import { toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler, Server } from '@modelcontextprotocol/server';
import type { Request, Response } from 'express';
import { HttpError } from '../http-errors.ts';
import type { McpDependencies } from './dependencies.ts';
import type { JsonRpcRequest } from './message.ts';

const RETRY_AFTER_SECONDS = 5;

/** The tools change with a deployment, and that is when this task stops. */
export const doesToolListChange = true;

/**
 * Holds `subscriptions/listen` streams, as many as the task may. When it drains, it tells each of
 * them that the tool list may have changed, and ends it: the client lists again at another task.
 */
export function createListen(deps: McpDependencies) {
  const { serverInfo, maxSubscriptions, draining } = deps;
  const capabilities = { tools: { listChanged: doesToolListChange } };
  // The SDK's own handler: a stream is held for long, so that its conversions cost nothing here.
  const handler = createMcpHandler(() => new Server(serverInfo, { capabilities }), {
    legacy: 'reject',
    maxSubscriptions,
  });
  const serve = toNodeHandler(handler);
  let open = 0;
  draining.addEventListener('abort', () => {
    handler.notify.toolsChanged();
    void handler.close();
  });

  return async (req: Request, res: Response, { id }: JsonRpcRequest): Promise<void> => {
    if (draining.aborted || open >= maxSubscriptions) {
      res.setHeader('Retry-After', RETRY_AFTER_SECONDS);
      const cause = draining.aborted ? 'is stopping' : `holds ${open} subscriptions, its limit`;
      throw new HttpError(503, `This task ${cause}. Subscribe again shortly.`, { id });
    }
    open += 1;
    res.once('close', () => {
      open -= 1;
    });
    await serve(req, res, req.body);
  };
}
