import * as z from 'zod';
import { readNotes, removeNotes } from '../notes.ts';
import { defineTool, ToolError } from './tool.ts';

export const clearNotes = defineTool({
  name: 'clear-notes',
  title: 'Clear notes',
  description: 'Delete all notes of this session, after the user has confirmed it.',
  inputSchema: z.object({}),
  outputSchema: z.object({ cleared: z.number().int(), answer: z.enum(['yes', 'no', 'cancelled']) }),
  annotations: {
    readOnlyHint: false,
    destructiveHint: true,
    // Run again it asks again, and deletes nothing that the user has not been asked about.
    idempotentHint: true,
    openWorldHint: false,
  },

  async run(_input, { session, confirm }) {
    if (!confirm) {
      throw new ToolError(
        'This needs the confirmation of the user, and the client cannot ask (it has no elicitation). ' +
          'Ask the user to connect with a client that can, or to leave the notes: they end with the session.',
      );
    }
    const notes = readNotes(await session.read());
    if (notes.length === 0) return { cleared: 0, answer: 'yes' as const };
    const what = notes.length === 1 ? 'the note' : `the ${notes.length} notes`;
    const answer = await confirm(`Delete ${what} of this session?`);
    if (answer !== 'yes') return { cleared: 0, answer };
    await removeNotes(session, notes);
    return { cleared: notes.length, answer: 'yes' as const };
  },
});
