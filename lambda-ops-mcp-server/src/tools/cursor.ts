import * as z from 'zod';
import { ToolError } from './define-tool.ts';

const FOREIGN_CURSOR =
  'This cursor does not belong to these arguments. Repeat the call with the arguments of the first ' +
  'page and the nextCursor of the page before, or leave out cursor to start again.';

/** A cursor that only says where to go on in a list that is made anew on each call. */
export function encodeOffset(offset: number): string {
  return `o${offset}`;
}

/** @throws {ToolError} for anything that is not an offset within the list */
export function decodeOffset(cursor: string | undefined, length: number): number {
  if (cursor === undefined) return 0;
  const offset = /^o(\d{1,9})$/.exec(cursor)?.[1];
  if (offset === undefined || Number(offset) > length) throw new ToolError(FOREIGN_CURSOR);
  return Number(offset);
}

/** A place within Lambda's own pages: AWS's marker, the rows of that page already shown, the question. */
const position = z.object({
  marker: z.string().optional(),
  skip: z.number().int().nonnegative(),
  question: z.string(),
});
export type Position = Omit<z.infer<typeof position>, 'question'>;

/** Binds a place to the arguments it was made with, so that no other list goes on from it. */
export function encodePosition(place: Position, question: unknown): string {
  const bound = { ...place, question: JSON.stringify(question) };
  return Buffer.from(JSON.stringify(bound)).toString('base64url');
}

/** @throws {ToolError} when the cursor is damaged or belongs to other arguments */
export function decodePosition(cursor: string | undefined, question: unknown): Position {
  if (cursor === undefined) return { skip: 0 };
  const place = position.safeParse(parseJson(Buffer.from(cursor, 'base64url').toString()));
  if (!place.success || place.data.question !== JSON.stringify(question))
    throw new ToolError(FOREIGN_CURSOR);
  return place.data;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
