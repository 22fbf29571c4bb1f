/**
 * Text that came from outside may carry characters that people do not see and models read: control, bidi, zero-width and
 * tag characters, fillers, lone surrogates. They are removed from everything a result says. The joiners that hold emoji
 * and words of some scripts together, and the selectors that vary a character, stay where they do so, one at a time: a row
 * of them is a hidden text.
 */
const SUSPICIOUS =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that are looked for.
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ud800-\udfff]/;
const REMOVED =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: as above.
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb\u{1bca0}-\u{1bca3}\u{1d173}-\u{1d17a}\u{e0000}-\u{e00ff}\u{e01f0}-\u{e0fff}]/gu;
const SELECTORS = String.raw`[\ufe00-\ufe0f\u{e0100}-\u{e01ef}]+`;
const LOOSE_SELECTORS = new RegExp(
  `(?<=^|\\s)${SELECTORS}|(?<=[\\ufe00-\\ufe0f\\u{e0100}-\\u{e01ef}])${SELECTORS}`,
  'gu',
);
const BEFORE = String.raw`\p{L}|\p{M}|\p{N}|\p{Extended_Pictographic}|\p{Emoji_Modifier}|\ufe0f`;
const AFTER = String.raw`\p{L}|\p{M}|\p{N}|\p{Extended_Pictographic}`;
const JOINERS = String.raw`[\u200c\u200d]+`;
const LOOSE_JOINERS = new RegExp(
  `(?<!${BEFORE})${JOINERS}|${JOINERS}(?!${AFTER})|(?<=[\\u200c\\u200d])${JOINERS}`,
  'gu',
);

/** Removes hidden characters from one text. */
export function cleanText(text: string): string {
  if (!SUSPICIOUS.test(text)) return text;
  return text
    .toWellFormed()
    .replace(/[\u2028\u2029]/g, '\n')
    .replace(REMOVED, '')
    .replace(LOOSE_SELECTORS, '')
    .replace(LOOSE_JOINERS, '');
}
