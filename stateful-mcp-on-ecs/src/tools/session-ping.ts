import * as z from 'zod';
import { defineTool } from './tool.ts';

export const sessionPing = defineTool({
  name: 'ping',
  title: 'Ping',
  description:
    'Echo a message and say which task answered, how many requests it has served, and how many this session has made.',
  inputSchema: z.object({
    message: z.string().max(1000).optional().describe('Text to echo; `pong` where it is left out'),
  }),
  outputSchema: z.object({
    message: z.string(),
    servedBy: z.string(),
    version: z.string(),
    requestCount: z.number().int(),
    uptimeSeconds: z.number().int(),
    sessionCalls: z.number().int(),
  }),
  annotations: {
    readOnlyHint: true,
    destructiveHint: false,
    idempotentHint: true,
    openWorldHint: false,
  },

  run({ message = 'pong' }, { servedBy, version, requestCount, uptimeSeconds, session }) {
    return { message, servedBy, version, requestCount, uptimeSeconds, sessionCalls: session.calls };
  },
});
