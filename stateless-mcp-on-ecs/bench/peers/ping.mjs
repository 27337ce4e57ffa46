import * as z from 'zod';

/** The sample's tool, in the shape that every peer registers. */
export const name = 'ping';
export const title = 'Ping';
export const description =
  'Echo a message and say which process answered, and how many requests it has served.';
export const input = z.object({
  message: z.string().max(1000).optional().describe('Text to echo; `pong` where it is left out'),
});
export const output = z.object({
  message: z.string(),
  servedBy: z.string(),
  version: z.string(),
  requestCount: z.number().int(),
  uptimeSeconds: z.number().int(),
});
export const annotations = {
  readOnlyHint: true,
  destructiveHint: false,
  idempotentHint: true,
  openWorldHint: false,
};

let requestCount = 0;

export function run({ message = 'pong' }) {
  requestCount += 1;
  const structuredContent = {
    message,
    servedBy: `local-${process.pid}`,
    version: '1.0.0',
    requestCount,
    uptimeSeconds: Math.round(performance.now() / 1000),
  };
  return {
    content: [{ type: 'text', text: JSON.stringify(structuredContent) }],
    structuredContent,
  };
}
