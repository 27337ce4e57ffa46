import * as z from 'zod';
import { addNote as add, MAX_NOTE_LENGTH } from '../notes.ts';
import { defineTool } from './tool.ts';

export const addNote = defineTool({
  name: 'add-note',
  title: 'Add note',
  description: 'Keep a note in this session. It is gone when the session ends.',
  inputSchema: z.object({ text: z.string().min(1).max(MAX_NOTE_LENGTH) }),
  outputSchema: z.object({ id: z.string(), count: z.number().int() }),
  annotations: {
    readOnlyHint: false,
    destructiveHint: false,
    // Twice adds two notes: a call that may have run is not run again.
    idempotentHint: false,
    openWorldHint: false,
  },

  async run({ text }, { session, servedBy }) {
    const id = session.callId;
    const count = await add(session, { id, text, addedAt: new Date().toISOString(), servedBy });
    return { id, count };
  },
});
