import { trimInvisible } from './blank-text.ts';
import { lazy } from './lazy.ts';
import { unwrapLink } from './link-text.ts';
import { isIdPlaceholder } from './placeholder.ts';
import { sanitizeText } from './sanitize-text.ts';

/** A parsed profile URL, or why it is not one. */
export type ProfileUrl =
  | {
      ok: true;
      /** The comparison key: equal for every spelling of the same profile, different for different profiles. */
      identity: string;
      /** The display form: the part of the path that names the person, decoded, with the case as given. */
      slug: string;
      /** The form of requests: as given if nothing had to be corrected, and never with an invisible character. */
      url: string;
    }
  | { ok: false; reason: string };

const HOST = 'https://www.linkedin.com';
const EXAMPLE = `${HOST}/in/ada-example`;

/**
 * Parses a profile URL. It ignores scheme, host, query, a trailing slash, invisible characters, markdown around the URL and
 * sentence marks after it, and decodes percent-encoding. Sales Navigator lead URLs are accepted. `/company/` and `/pub/` URLs
 * are rejected, because HeyReach cannot resolve them to a person.
 */
export function readProfileUrl(value: string): ProfileUrl {
  const address = unwrapLink(value);
  const [, named] =
    /^(?:https?:\/\/)?(?:[a-z0-9-]+\.)?linkedin\.com\/(?:in|sales\/(?:lead|people))\/(.*)$/is.exec(address) ?? [];
  if (isIdPlaceholder(decode(named ?? address).replace(/\/*(?:\?.*)?$/s, '')))
    return rejectPlaceholder(named ?? address);
  const match = /^(?:https?:\/\/)?(?:[a-z0-9-]+\.)?linkedin\.com(\/[^?#\s]*)(?:[?#]\S*)?$/i.exec(address);
  if (match === null) {
    const mail = /^[^\s@/]+@[^\s@/]+$/.test(address) ? ', not an e-mail address' : '';
    return { ok: false, reason: `must be a LinkedIn profile URL such as ${EXAMPLE}${mail}` };
  }
  const path = decode(match[1]!).replace(/\/+$/, '');
  const slug = /^\/in\/([^/]+)(?:\/.*)?$/is.exec(path)?.[1];
  if (slug !== undefined && /[^\s.]/.test(slug)) return readSlug(slug, address);
  const navigator = /^\/sales\/(lead|people)\/([^/,]+)/i.exec(path);
  if (navigator !== null) {
    const [, , id = ''] = navigator;
    if (isIdPlaceholder(id)) return rejectPlaceholder(id);
    const isClean = /^https?:/i.test(address) && sanitizeText(address) === address;
    const url = isClean ? address : `${HOST}${sanitizeText(match[1]!)}`;
    return { ok: true, identity: `sales/${cleanSlug(id)}`, slug: cleanSlug(id), url };
  }
  const kind = /^\/(company|school|pub|showcase)\//i.exec(path)?.[1]?.toLowerCase();
  if (kind !== undefined) {
    return {
      ok: false,
      reason: `is a /${kind}/ URL; HeyReach takes a person's /in/ or Sales Navigator URL (${EXAMPLE})`,
    };
  }
  return { ok: false, reason: `must be a person's /in/ or Sales Navigator URL such as ${EXAMPLE}` };
}

/** Sentence marks and brackets after a URL that was copied from a text. No slug ends with one. */
const TRAILING_MARKS = /[.,;:!?)\]}>'"*`’”»，。；：！？）】」』》、]+$/u;
/** Characters that no slug holds. */
const impossibleCharacter = lazy(() => /[\s!-&(-,/:-@[-^`{-}\p{C}\ufffd]/u);

function readSlug(raw: string, address: string): ProfileUrl {
  const slug = cleanSlug(raw).replace(TRAILING_MARKS, '');
  if (isIdPlaceholder(slug) || isIdPlaceholder(raw)) return rejectPlaceholder(raw);
  const impossible = impossibleCharacter().exec(slug.replace(/[\u200c\u200d]/g, ''))?.[0];
  if (impossible !== undefined || !/[\p{L}\p{N}\p{Extended_Pictographic}]/u.test(slug)) {
    const reason = impossible === undefined ? 'has no letter or digit' : `holds ${JSON.stringify(impossible)}`;
    return {
      ok: false,
      reason: `cannot exist: its last part ${reason}. It must be a person's /in/ or Sales Navigator URL such as ${EXAMPLE}`,
    };
  }
  const isClean = slug === raw && /^https?:/i.test(address) && sanitizeText(address) === address;
  return { ok: true, identity: `in/${slugKey(slug)}`, slug, url: isClean ? address : profileUrlOf(slug) };
}

function rejectPlaceholder(text: string): ProfileUrl {
  const shown = JSON.stringify(trimInvisible(sanitizeText(text)).slice(0, 60));
  return {
    ok: false,
    reason: `names no person: ${shown} is a placeholder that no program filled in. It must be a URL such as ${EXAMPLE}`,
  };
}

/** Joiners that letters of some scripts need, and emoji. Elsewhere they only make two equal slugs differ. */
const looseJoiner = lazy(() => /(?<=[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{N}\p{P}])[\u200c\u200d]/gu);
/** Variation selectors that do not follow an emoji. */
const looseSelector = lazy(() => /(?<!\p{Extended_Pictographic})[\ufe00-\ufe0f\u{e0100}-\u{e01ef}]/gu);

function cleanSlug(slug: string): string {
  const visible = trimInvisible(sanitizeText(slug)).replace(looseSelector(), '').replace(looseJoiner(), '');
  return visible.normalize('NFC');
}

/** Member ids such as `ACoAA...`, whose case tells people apart. */
const MEMBER_ID = /^AC[A-Za-z]AA[\w-]+$/;

/** Equal for every spelling of a slug. Case counts in member ids only. */
export function slugKey(slug: string): string {
  const clean = cleanSlug(slug);
  if (MEMBER_ID.test(clean)) return clean;
  // By character, because the lower case of a whole text depends on the place of a sigma.
  const lower = Array.from(clean, (character) => character.toLowerCase()).join('');
  return lower.replaceAll('ς', 'σ').normalize('NFC');
}

/** The profile URL of a slug. */
export function profileUrlOf(slug: string): string {
  return `${HOST}/in/${encodeURIComponent(slug.toWellFormed())}`;
}

/** The comparison key of a profile URL or a bare slug. undefined for a text that names no person. */
export function identityOf(value: string | null | undefined): string | undefined {
  const url = readProfileUrl(expandSlug(value ?? ''));
  return url.ok ? url.identity : undefined;
}

const bareSlug = lazy(
  () =>
    /^[\p{L}\p{N}\p{Extended_Pictographic}](?:[\p{L}\p{M}\p{N}\p{Extended_Pictographic}\p{Emoji_Modifier}_~-]|[\u200c\u200d]){2,99}$/u,
);

/** The profile URL of a bare slug, which compact results use. Other values are returned unchanged. */
export function expandSlug(value: string): string {
  const slug = trimInvisible(value);
  return bareSlug().test(slug) && !isIdPlaceholder(slug) ? profileUrlOf(slug) : value;
}

/** A profile URL in the form of requests. A text that names no person is returned unchanged. */
export function canonicalProfileUrl(value: string): string {
  const url = readProfileUrl(expandSlug(value));
  return url.ok ? url.url : value;
}

/** The slug of an `/in/` URL with its case, or undefined for other values. */
export function slugOf(value: string | null | undefined): string | undefined {
  if (value === null || value === undefined) return undefined;
  const url = readProfileUrl(value);
  return url.ok && url.identity.startsWith('in/') ? url.slug : undefined;
}

/** How compact results show a profile URL: as the slug where tools take it back, otherwise unchanged. */
export function shortProfileUrl(value: string | null | undefined): string | null | undefined {
  const slug = slugOf(value);
  return slug !== undefined && expandSlug(slug) !== slug ? slug : value;
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
