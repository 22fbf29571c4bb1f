/** The profile that a LinkedIn URL points to. */
export type ProfileRef = { kind: 'slug'; slug: string } | { kind: 'profileId'; profileId: string };

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * Reads a profile URL as the API does: any letter case, with or without scheme, query and trailing slash.
 * @returns undefined for `/pub/` and `/company/` URLs, other hosts and plain words.
 */
export function readProfileUrl(text: string): ProfileRef | undefined {
  const bare = text.trim().replace(/^https?:\/\//i, '');
  const [path = ''] = bare.split(/[?#]/);
  const match = /^(?:[a-z0-9-]+\.)?linkedin\.com\/(.*)$/i.exec(path);
  const [area = '', first = '', second = ''] = (match?.[1] ?? '').split('/');
  if (area.toLowerCase() === 'in' && first !== '') return { kind: 'slug', slug: decode(first).toLowerCase() };
  if (area.toLowerCase() === 'sales' && /^(?:lead|people|profile)$/i.test(first) && second !== '') {
    return { kind: 'profileId', profileId: second.split(',')[0] ?? second };
  }
  return undefined;
}

/** The URL in API responses: no trailing slash, non-Latin slugs percent-encoded. */
export function profileUrlOf(slug: string): string {
  return `https://www.linkedin.com/in/${encodeURIComponent(slug)}`;
}
