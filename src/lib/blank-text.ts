import { lazy } from './lazy.ts';

/**
 * Characters that show nothing: blanks, control and format characters, and characters that fonts draw as empty space. Private
 * use characters are visible in some fonts.
 */
const NOTHING_VISIBLE = String.raw`\s\p{Cc}\p{Cf}\p{Cs}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\u2800\ufffc\u{13441}\u{13442}\u{1d159}`;
const visible = lazy(() => new RegExp(`[^${NOTHING_VISIBLE}]`, 'u'));
/** A mark without a letter is not text. */
const readable = lazy(() => new RegExp(`[^${NOTHING_VISIBLE}\\p{M}]`, 'u'));

/** Whether a text is missing, or nothing of it is visible. */
export function isBlank(text: string | null | undefined): boolean {
  return text == null || !readable().test(text);
}

/** Removes what is invisible at both ends of a text. Returns an empty text for a blank one. */
export function trimInvisible(text: string): string {
  if (isBlank(text)) return '';
  const start = text.search(visible());
  let end = text.length;
  // A pattern that ends with $ would take quadratic time.
  while (!visible().test(lastCharacter(text, end))) end -= lastCharacter(text, end).length;
  return text.slice(start, end);
}

function lastCharacter(text: string, end: number): string {
  const pair = text.slice(Math.max(0, end - 2), end);
  return /^[\ud800-\udbff][\udc00-\udfff]$/.test(pair) ? pair : pair.slice(-1);
}
