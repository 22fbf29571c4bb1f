import { lazy } from './lazy.ts';

/**
 * Outside text can hold characters that people do not see and models read: control, bidi, zero-width and tag characters,
 * fillers, lone surrogates. They are removed from every result. Joiners and variation selectors stay where emoji and some
 * scripts need them. Only the first of several in a row stays, because a row of them can hide a text.
 */
const SUSPICIOUS =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the pattern matches control characters on purpose.
  /[\u034f\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb\ud800-\udfff]|[\ufe00-\ufe0f]/;
const REMOVED =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: as above.
  /[\u034f\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb\u{1bca0}-\u{1bca3}\u{1d173}-\u{1d17a}\u{e0000}-\u{e00ff}\u{e01f0}-\u{e0fff}]/gu;
const SELECTOR = String.raw`[\ufe00-\ufe0f\u{e0100}-\u{e01ef}]`;
const JOINER = String.raw`[\u200c\u200d]`;
const SELECTOR_RUN = new RegExp(`(${SELECTOR})${SELECTOR}+`, 'gu');
const LOOSE_SELECTOR = new RegExp(`(?<=^|\\s|${JOINER})${SELECTOR}`, 'gu');
const JOINER_RUN = new RegExp(`(${JOINER})${JOINER}+`, 'gu');
const BEFORE = String.raw`\p{L}|\p{M}|\p{N}|\p{Extended_Pictographic}|\p{Emoji_Modifier}|\ufe0f`;
const AFTER = String.raw`\p{L}|\p{M}|\p{N}|\p{Extended_Pictographic}`;
const looseJoiner = lazy(() => new RegExp(`(?<!${BEFORE})${JOINER}|${JOINER}(?!${AFTER})`, 'gu'));

/** Removes hidden characters from one text. */
export function sanitizeText(text: string): string {
  if (!SUSPICIOUS.test(text)) return text;
  return text
    .toWellFormed()
    .replace(/[\u2028\u2029]/g, '\n')
    .replace(REMOVED, '')
    .replace(SELECTOR_RUN, '$1')
    .replace(LOOSE_SELECTOR, '')
    .replace(JOINER_RUN, '$1')
    .replace(looseJoiner(), '');
}
