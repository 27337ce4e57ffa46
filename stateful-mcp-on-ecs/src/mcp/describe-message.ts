import type { RequestHandler } from 'express';
import type { Tool } from '../tools/tool.ts';
import { isJsonRpcMessage, isRecord, methodForLog } from './message.ts';

/** Adds the method and the tool to the log line of a request, where they are known ones. */
export function describeMessage(tools: readonly Tool[]): RequestHandler {
  return (req, res, next) => {
    const message: unknown = req.body;
    if (isJsonRpcMessage(message)) {
      const { requestLog } = res.locals;
      requestLog.mcpMethod = methodForLog(message);
      if (requestLog.mcpMethod === 'tools/call' && 'params' in message) {
        const name = isRecord(message.params) ? message.params.name : undefined;
        requestLog.tool = tools.find((tool) => tool.name === name)?.name ?? 'unknown';
      }
    }
    next();
  };
}
