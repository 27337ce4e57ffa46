import type { Request, Response } from 'express';
import { HttpError, METHOD_NOT_FOUND } from '../http-errors.ts';
import type { McpDependencies } from './dependencies.ts';
import type { JsonRpcRequest } from './message.ts';

/** Nothing here could tell a client of a change. */
export const doesToolListChange = false;

/**
 * Refuses `subscriptions/listen`. Its answer is always a stream, and API Gateway buffers: the call
 * would hang until the function's timeout, and the account would pay for the wait.
 */
export function createListen(_deps: McpDependencies) {
  return async (_req: Request, _res: Response, { id }: JsonRpcRequest): Promise<void> => {
    throw new HttpError(
      404,
      'subscriptions/listen is not available: this deployment cannot stream. Nothing that it ' +
        'serves changes between deployments, so list the tools again instead.',
      { code: METHOD_NOT_FOUND, id },
    );
  };
}
