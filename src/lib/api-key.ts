import { isIdPlaceholder } from './placeholder.ts';

/** What documents write where a key belongs: `your-heyreach-api-key`, `INSERT_KEY_HERE`, `xxxx`. */
const DOCUMENT_KEY =
  /^(?:(?:(?:insert|enter|paste|replace|put|add|your|my)[-_ ]+)+(?:[a-z]+[-_ ]+){0,3}(?:key|token)(?:[-_ ]+\w+){0,2}|(?:x[-_])?api[-_]?key(?:[-_ ]here)?|heyreach(?:[-_]org)?[-_]api[-_]key|change[-_ ]?me|redacted|placeholder|x{3,}|\*{3,}|\.{3,}|…)$/i;

/** Why a text is no HeyReach key, as the end of a sentence after its place. undefined for a text that can be one. */
export function whyNotAKey(text: string): string | undefined {
  if (/^bearer\b/i.test(text)) return 'begins with Bearer: give the key alone';
  if (/^\\?["'`“”‘’«»]|["'`“”‘’«»]$/u.test(text)) return 'is in quotation marks: give the key without them';
  if (isIdPlaceholder(text) || /[${}<>]|^%.*%$|^process\.env\b|^env:/i.test(text)) {
    return 'holds a placeholder instead of a key: the host did not fill it in';
  }
  if (DOCUMENT_KEY.test(text))
    return 'holds the example text of a document instead of a key: the host did not fill it in';
  return undefined;
}

/** Whether a text has only the characters of keys and tokens. */
export function hasKeyCharacters(text: string): boolean {
  return /^[\x21-\x7e]+$/.test(text);
}
