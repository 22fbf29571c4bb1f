/**
 * Text that came from outside may carry characters that people do not see and models read: control, bidi, zero-width and
 * tag characters, lone surrogates. They are removed from everything a result says. The joiners that hold emoji and words
 * of some scripts together stay where they join something.
 */
const SUSPICIOUS =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that are looked for.
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]/;
const REMOVED =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: as above.
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;
const BEFORE = String.raw`\p{L}|\p{M}|\p{N}|\p{Extended_Pictographic}|\p{Emoji_Modifier}|\ufe0f`;
const AFTER = String.raw`\p{L}|\p{M}|\p{N}|\p{Extended_Pictographic}`;
const JOINERS = String.raw`(?:\u200c|\u200d)+`;
const LOOSE_JOINER = new RegExp(`(?<!${BEFORE})${JOINERS}|${JOINERS}(?!${AFTER})`, 'gu');

/** Removes hidden characters from one text. */
export function cleanText(text: string): string {
  if (!SUSPICIOUS.test(text)) return text;
  return text
    .toWellFormed()
    .replace(/[\u2028\u2029]/g, '\n')
    .replace(REMOVED, '')
    .replace(LOOSE_JOINER, '');
}
