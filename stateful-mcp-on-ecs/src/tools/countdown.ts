import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { defineTool } from './tool.ts';

export const countdown = defineTool({
  name: 'countdown',
  title: 'Countdown',
  description: 'Count down the seconds given, with a progress notification each second.',
  inputSchema: z.object({ seconds: z.number().int().min(1).max(60) }),
  outputSchema: z.object({ seconds: z.number().int(), servedBy: z.string() }),
  annotations: {
    readOnlyHint: true,
    destructiveHint: false,
    idempotentHint: true,
    openWorldHint: false,
  },

  async run({ seconds }, { servedBy, signal, reportProgress }) {
    for (let second = 1; second <= seconds; second += 1) {
      // Rejects as soon as the client cancels or goes away, which ends the run.
      await sleep(1000, undefined, { signal });
      await reportProgress(second, seconds);
    }
    return { seconds, servedBy };
  },
});
