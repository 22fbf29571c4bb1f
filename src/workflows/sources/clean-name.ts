import { trimInvisible } from '../../lib/blank-text.ts';
import { sanitizeText } from '../../lib/sanitize-text.ts';

/** Emoji and other pictures in names, with what joins them. Letters, digits and marks of scripts stay. */
const PICTURES =
  /[\p{Extended_Pictographic}\p{Emoji_Modifier}\p{Regional_Indicator}\p{So}](?:\u200d|\ufe0f|\u20e3|[\p{Extended_Pictographic}\p{Emoji_Modifier}\p{Regional_Indicator}\p{So}])*/gu;
/** Letters after a name, such as MBA, Ph.D. or PMP, have two capitals. */
const CREDENTIAL = /^[A-Z][A-Za-z.®-]{1,7}$/;
const TWO_CAPITALS = /[A-Z][^A-Z]*[A-Z]/;
const SUFFIX = /^(?:Dr|Jr|Sr)\.?$/;
const IN_BRACKETS = /\s*[([{（][^()[\]{}（）]*[)\]}）]/g;

/** A name as a message can use it: without emoji, notes in brackets, and titles after a comma. */
export function cleanName(name: string): string {
  const plain = sanitizeText(name).replace(PICTURES, ' ').replace(IN_BRACKETS, ' ').replace(/\s+/g, ' ');
  const [first = '', ...titles] = trimInvisible(plain).split(/\s*,\s*/);
  const areTitles = titles.length > 0 && titles.every((title) => title === '' || isTitle(title));
  const kept = areTitles ? first : trimInvisible(plain);
  const cleaned = kept.replace(/^[\s,;|/·•-]+|[\s,;|/·•-]+$/g, '');
  // A name of which nothing would be left is for a person to look at.
  return cleaned === '' ? trimInvisible(name) : cleaned;
}

function isTitle(text: string): boolean {
  return text
    .split(/[\s/|&+]+/)
    .every((word) => word === '' || SUFFIX.test(word) || (CREDENTIAL.test(word) && TWO_CAPITALS.test(word)));
}
