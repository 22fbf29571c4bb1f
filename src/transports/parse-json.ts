import { isUtf8 } from 'node:buffer';
import { findExcess } from '../lib/json-limits.ts';

/** The value of a JSON text, or what is wrong with the text. */
export type ParsedJson = { value: unknown } | { problem: string };

/** Parses a JSON text in UTF-8, with or without a byte order mark, within the limits. */
export function parseJsonBytes(bytes: Buffer): ParsedJson {
  if (!isUtf8(bytes)) return { problem: 'it is not UTF-8' };
  const excess = findExcess(bytes);
  if (excess !== undefined) return { problem: excess };
  try {
    return { value: JSON.parse(bytes.toString('utf8', hasByteOrderMark(bytes) ? 3 : 0)) };
  } catch {
    return { problem: 'it is not JSON' };
  }
}

function hasByteOrderMark(bytes: Buffer): boolean {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
}
