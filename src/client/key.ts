import { createHash } from 'node:crypto';

/** Shorter than any real key: what stands in for one is an ordinary word. */
const SECRET_LENGTH = 12;

/** A short, stable name for a key that cannot be turned back into it. */
export function fingerprintKey(key: string): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 16);
}

/** A text without the key, should it hold it. */
export function hideKey(text: string, key: string): string {
  return key.length < SECRET_LENGTH ? text : text.replaceAll(key, '[key]');
}
