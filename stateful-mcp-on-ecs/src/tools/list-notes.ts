import * as z from 'zod';
import { note, readNotes } from '../notes.ts';
import { defineTool } from './tool.ts';

export const listNotes = defineTool({
  name: 'list-notes',
  title: 'List notes',
  description: 'List the notes of this session, oldest first.',
  inputSchema: z.object({}),
  outputSchema: z.object({ notes: z.array(note) }),
  annotations: {
    readOnlyHint: true,
    destructiveHint: false,
    idempotentHint: true,
    openWorldHint: false,
  },

  async run(_input, { session }) {
    return { notes: readNotes(await session.read()) };
  },
});
