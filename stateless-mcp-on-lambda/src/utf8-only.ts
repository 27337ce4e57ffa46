import { StringDecoder } from 'node:string_decoder';

/**
 * Stands in for `iconv-lite` in the bundle (template.yaml, `Alias`). Express's body parser asks it to
 * decode bodies, and JSON is UTF-8 (RFC 8259, section 8.1); the code pages that the package brings
 * for other charsets are a third of the bundle, which every cold start would have to read.
 * Remove the alias where you parse bodies in other charsets.
 */
export function encodingExists(encoding: string): boolean {
  return /^utf-?8$/i.test(encoding);
}

/** @throws {Error} in the words that `raw-body` turns into 415 */
export function getDecoder(encoding: string): StringDecoder {
  if (!encodingExists(encoding)) throw new Error(`Encoding not recognized: ${encoding}`);
  return new StringDecoder('utf8');
}

/** Decodes a whole body at once. */
export function decode(body: Buffer, encoding: string): string {
  return getDecoder(encoding).end(body);
}
