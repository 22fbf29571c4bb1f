import { trimInvisible } from '../../lib/blank-text.ts';
import { lazy } from '../../lib/lazy.ts';
import { sanitizeText } from '../../lib/sanitize-text.ts';

/** Emoji and other pictures in names, with what joins them. Letters, digits and marks of scripts stay. */
const pictures = lazy(
  () =>
    /[\p{Extended_Pictographic}\p{Emoji_Modifier}\p{Regional_Indicator}\p{So}](?:\u200d|\ufe0f|\u20e3|[\p{Extended_Pictographic}\p{Emoji_Modifier}\p{Regional_Indicator}\p{So}])*/gu,
);
/** Letters after a name, such as MBA, Ph.D. or PMP, have two capitals. */
const CREDENTIAL = /^[A-Z][A-Za-z.®-]{1,7}$/;
const TWO_CAPITALS = /[A-Z][^A-Z]*[A-Z]/;
const SUFFIX = /^(?:Dr|Jr|Sr)\.?$/;
const IN_BRACKETS = /\s*[([{（][^()[\]{}（）]*[)\]}）]/g;

/** A name as a message can use it: without emoji, notes in brackets, and titles after a comma. */
export function cleanName(name: string): string {
  const plain = sanitizeText(name).replace(pictures(), ' ').replace(IN_BRACKETS, ' ').replace(/\s+/g, ' ');
  const [first = '', ...titles] = trimInvisible(plain).split(/\s*,\s*/);
  const areTitles = titles.length > 0 && titles.every((title) => title === '' || isTitle(title));
  const withoutTitles = areTitles ? first : trimInvisible(plain);
  const cleaned = withoutTitles.replace(/^[\s,;|/·•-]+|[\s,;|/·•-]+$/g, '');
  // If nothing is left of a name, the original stays, so that a person can check it.
  return cleaned === '' ? trimInvisible(name) : cleaned;
}

/** First and last name of a cleaned full name: `Ann Lee`, or `Lee, Ann` where no title follows the comma. */
export function splitName(name: string): { first: string | undefined; last: string | undefined; words: number } {
  const parts = name.split(/[\s,]*,[\s,]*/).filter((part, index) => part !== '' && (index === 0 || !isTitle(part)));
  const ordered = parts.length === 2 ? parts.toReversed() : [parts.join(' ')];
  const words = ordered.join(' ').split(' ');
  const [first = '', last] = parts.length === 2 ? ordered : [words[0], words.slice(1).join(' ')];
  return { first: first || undefined, last: last || undefined, words: words.length };
}

function isTitle(text: string): boolean {
  return text
    .split(/[\s/|&+]+/)
    .every((word) => word === '' || SUFFIX.test(word) || (CREDENTIAL.test(word) && TWO_CAPITALS.test(word)));
}
