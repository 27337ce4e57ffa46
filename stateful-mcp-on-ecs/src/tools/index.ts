import { addNote } from './add-note.ts';
import { clearNotes } from './clear-notes.ts';
import { countdown } from './countdown.ts';
import { listNotes } from './list-notes.ts';
import { sessionPing } from './session-ping.ts';
import type { Tool } from './tool.ts';

/** Every tool of this server. A new tool is one file and one entry here. */
export const tools: readonly Tool[] = [sessionPing, countdown, addNote, listNotes, clearNotes];
