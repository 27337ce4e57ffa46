import * as z from 'zod';
import { INTERNAL_ERROR, INVALID_PARAMS } from '../http-errors.ts';
import { isRecord } from './message.ts';

const issues = z
  .array(z.object({ path: z.array(z.union([z.string(), z.number()])), message: z.string() }))
  .min(1);

/**
 * The SDK answers params of the wrong shape with -32603 and zod's issues as JSON. JSON-RPC has
 * -32602 for them, and a person or a model reads a sentence that names the field more easily.
 */
export function withReadableError(message: object): object {
  if (!('error' in message) || !isRecord(message.error)) return message;
  const { code, message: text } = message.error;
  if (code !== INTERNAL_ERROR || typeof text !== 'string' || !text.startsWith('[')) return message;
  const parsed = issues.safeParse(parseJson(text));
  if (!parsed.success) return message;
  const problems = parsed.data.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  return { ...message, error: { code: INVALID_PARAMS, message: problems.join('; ') } };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
