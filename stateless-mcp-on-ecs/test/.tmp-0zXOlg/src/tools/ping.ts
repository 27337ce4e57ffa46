import * as z from 'zod';
import { defineTool } from './tool.ts';

export const ping = defineTool({
  name: 'ping',
  title: 'Ping',
  description:
    'Echo a message and say which process answered, and how many requests it has served.',
  inputSchema: z.object({
    message: z.string().max(1000).optional().describe('Text to echo; `pong` where it is left out'),
  }),
  outputSchema: z.object({
    message: z.string(),
    servedBy: z.string(),
    version: z.string(),
    requestCount: z.number().int(),
    uptimeSeconds: z.number().int(),
  }),
  annotations: {
    readOnlyHint: true,
    destructiveHint: false,
    idempotentHint: true,
    openWorldHint: false,
  },

  run({ message = 'pong' }, { servedBy, version, requestCount, uptimeSeconds }) {
    return { message, servedBy, version, requestCount, uptimeSeconds };
  },
});
