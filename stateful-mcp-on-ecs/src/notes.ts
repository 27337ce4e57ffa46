import * as z from 'zod';
import { resourceUpdated } from './sessions/takeover.ts';
import type { ToolSession } from './sessions/tool-session.ts';
import { ToolError } from './tools/tool.ts';

const MAX_NOTES = 100;
export const MAX_NOTE_LENGTH = 500;

export const NOTES_RESOURCE = {
  uri: 'notes://session',
  name: 'notes',
  title: 'Notes of this session',
  mimeType: 'application/json',
} as const;

export const note = z.object({
  id: z.string(),
  text: z.string(),
  addedAt: z.string(),
  servedBy: z.string(),
});
export type Note = z.infer<typeof note>;

const noteList = z.array(note).default([]);

/** The notes among a session's values; none where no one has added any. */
export function readNotes(values: Readonly<Record<string, unknown>>): Note[] {
  return noteList.parse(values.notes);
}

/** Adds a note and tells those who watch. @throws {ToolError} when there are too many */
export async function addNote(session: ToolSession, added: Note): Promise<number> {
  const { notes } = await change(session, (notes) => {
    if (notes.length >= MAX_NOTES) {
      throw new ToolError(
        `The session has ${MAX_NOTES} notes, which is the most. Call clear-notes, then add again.`,
      );
    }
    return [...notes, added];
  });
  return notes.length;
}

/** Removes these notes; others may have come meanwhile, and stay. */
export async function removeNotes(session: ToolSession, removed: readonly Note[]): Promise<void> {
  const ids = new Set(removed.map(({ id }) => id));
  await change(session, (notes) => notes.filter(({ id }) => !ids.has(id)));
}

async function change(
  session: ToolSession,
  changeNotes: (notes: Note[]) => Note[],
): Promise<{ notes: Note[] }> {
  const values = await session.update((values) => ({
    ...values,
    notes: changeNotes(readNotes(values)),
  }));
  await session.announce(resourceUpdated(NOTES_RESOURCE.uri));
  return { notes: readNotes(values) };
}
