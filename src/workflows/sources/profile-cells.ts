import { trimInvisible } from '../../lib/blank-text.ts';
import { unwrapLink } from '../../lib/link-text.ts';
import { expandSlug, identityOf, readProfileUrl } from '../../lib/linkedin-url.ts';

/** A profile URL of a person or a company anywhere in a text, up to a mark that no URL holds. */
const PROFILE_URLS =
  /(?<![\w.-])(?:https?:\/\/)?(?:[a-z0-9-]+\.)?linkedin\.com\/(?:in|sales|pub|company|school|showcase)\/[^\s<>"()[\]{},;|“”]*/giu;
const HOST = /linkedin\.com\//i;
/** What begins a line of a list: a bullet or a number. */
const BULLET = /^(?:[-*+•·–—]|\d{1,6}[.)])\s+/u;
/** Headers of a column of people. A person can have one of these words as a name, so a header has nothing else. */
const HEADER_WORDS =
  /^(?:(?:public|linked|in|linkedin|profile?|profiles|url|urls|link|links|slug|slugs|name|names|lead|leads|person|people|contact|contacts|vanity|identifier|id|first|last|full)[\s_:-]*)+$/i;

/** The profile URLs in a text, as they are there. */
export function profileUrlsIn(text: string): string[] {
  return HOST.test(text) ? (text.match(PROFILE_URLS) ?? []) : [];
}

/** Whether a text has a profile URL anywhere. The notes above a table can link to other pages of LinkedIn. */
export function holdsProfileUrl(text: string): boolean {
  return profileUrlsIn(text).length > 0;
}

/** The profile URL that a cell is, without bullet, number, brackets and markdown. undefined for any other cell. */
export function profileUrlOfCell(cell: string): string | undefined {
  if (!HOST.test(cell)) return undefined;
  const text = unwrapLink(withoutBullet(cell));
  return readProfileUrl(text).ok ? text : undefined;
}

/**
 * The people of a cell in the column of people, each once: the cell itself, or the profile URLs of people in its text, such as
 * `Ada https://www.linkedin.com/in/ada-example`.
 */
export function peopleOfCell(cell: string): string[] {
  if (identityOf(cell) !== undefined) return [cell];
  const people = profileUrlsIn(cell).flatMap((url) => {
    const identity = identityOf(url);
    return identity === undefined ? [] : [[identity, url] as const];
  });
  return [...new Map(people.toReversed()).values()].toReversed();
}

/** The profile URL of a cell with a bare slug, such as `ada-example`. */
export function slugUrlOfCell(cell: string): string | undefined {
  const slug = trimInvisible(withoutBullet(cell));
  const url = expandSlug(slug);
  return url === slug ? undefined : url;
}

/** Whether a bare slug is unlike a word of a language. */
export function isLikeNoWord(cell: string): boolean {
  return /[\d-]/.test(withoutBullet(cell)) && !isHeaderWord(cell);
}

/** Whether a text can be the header of a column of people. */
export function isHeaderWord(cell: string): boolean {
  return HEADER_WORDS.test(trimInvisible(cell));
}

function withoutBullet(cell: string): string {
  return trimInvisible(cell).replace(BULLET, '');
}
