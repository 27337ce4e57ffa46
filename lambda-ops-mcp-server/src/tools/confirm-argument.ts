import * as z from 'zod';

/** The same argument on every tool that changes or runs something. */
export const confirmArgument = z
  .boolean()
  .optional()
  .describe(
    'true after the user has agreed to exactly this; needed where the client cannot ask the user itself',
  );
