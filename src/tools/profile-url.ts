/** What a LinkedIn URL says about a person. */
export type ProfileUrl =
  | { ok: true /** Equal for all spellings of one profile. */; identity: string; slug: string }
  | { ok: false; reason: string };

const EXAMPLE = 'https://www.linkedin.com/in/ada-example';

/**
 * Reads a profile URL the way HeyReach compares them: scheme, host, query, letter case and trailing slash do not matter,
 * percent-encoding is undone, the slug after `/in/` counts. Sales Navigator lead URLs are accepted, `/company/` and
 * `/pub/` URLs are not resolvable there and are refused.
 */
export function readProfileUrl(value: string): ProfileUrl {
  const trimmed = value.trim();
  const match = /^(?:https?:\/\/)?(?:[a-z0-9-]+\.)?linkedin\.com(\/[^?#\s]*)(?:[?#]\S*)?$/i.exec(trimmed);
  if (match === null) return { ok: false, reason: `must be a LinkedIn profile URL such as ${EXAMPLE}` };
  const path = decode(match[1]!).replace(/\/+$/, '');
  const slug = /^\/in\/([^/]+)(?:\/.*)?$/i.exec(path)?.[1]?.toLowerCase();
  // Decoded, a slug can be blank or dots, which name nobody.
  if (slug !== undefined && /[^\s.]/.test(slug)) return { ok: true, identity: `in/${slug}`, slug };
  const navigator = /^\/sales\/(?:lead|people)\/([^/,]+)/i.exec(path);
  if (navigator !== null) return { ok: true, identity: `sales/${navigator[1]}`, slug: navigator[1]! };
  const kind = /^\/(company|school|pub|showcase)\//i.exec(path)?.[1]?.toLowerCase();
  if (kind !== undefined) {
    return {
      ok: false,
      reason: `is a /${kind}/ URL; HeyReach takes a person's /in/ or Sales Navigator URL (${EXAMPLE})`,
    };
  }
  return { ok: false, reason: `must be a person's /in/ or Sales Navigator URL such as ${EXAMPLE}` };
}

const SLUG = /^[\p{L}\p{N}][\p{L}\p{M}\p{N}_~-]{2,99}$/u;

/** The URL that a bare slug stands for, as compact results give them; anything else unchanged. */
export function expandSlug(value: string): string {
  return SLUG.test(value) ? `https://www.linkedin.com/in/${encodeURIComponent(value)}` : value;
}

/** The slug of an `/in/` URL; undefined for anything else. */
export function slugOf(value: string | null | undefined): string | undefined {
  if (value === null || value === undefined) return undefined;
  const read = readProfileUrl(value);
  return read.ok && read.identity.startsWith('in/') ? read.slug : undefined;
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
