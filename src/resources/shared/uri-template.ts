import { isIdPlaceholder } from '../../lib/placeholder.ts';

const SCHEME = 'heyreach://';
const MAX_URI = 2_000;
/** Larger numbers are not exact in JavaScript. */
const ID = /^[1-9]\d{0,14}$/;
/**
 * Conversation ids are a number and base64. Other characters are accepted too, except blanks and control characters. A percent
 * sign that is left after decoding was encoded twice.
 */
const CONVERSATION_ID = /^[^\s\p{C}%\\]{1,300}$/u;
const SLUG = /^[^\s\p{C}%/?#\\]{1,200}$/u;

/** The variables of our resource templates, with the values that each takes. */
const VALUES: Record<string, RegExp> = {
  campaignId: ID,
  listId: ID,
  accountId: ID,
  conversationId: CONVERSATION_ID,
  slug: SLUG,
};

/** The only variable whose values may hold slashes. It is the last one of its template and takes the rest of the path. */
const VARIABLE_WITH_SLASHES = 'conversationId';

/** A URI that no resource can have. The message says why. */
export class MalformedUriError extends Error {}

/**
 * Splits a resource URI into its decoded segments.
 * @returns undefined for another scheme.
 * @throws MalformedUriError for "." and ".." segments, hidden slashes and broken encoding.
 */
export function splitUri(uri: string): string[] | undefined {
  if (!uri.startsWith(SCHEME)) return undefined;
  if (uri.length > MAX_URI) throw new MalformedUriError('it is too long');
  const path = uri.slice(SCHEME.length);
  if (/[?#\s\p{C}\\]/u.test(path)) throw new MalformedUriError('it holds a query, a fragment, a blank or a backslash');
  return path.split('/').map((raw) => {
    const segment = decode(raw);
    if (segment.split('/').some((part) => /^\.{1,2}$/.test(part))) {
      throw new MalformedUriError('a part of its path is "." or ".."');
    }
    return segment;
  });
}

function decode(raw: string): string {
  try {
    return decodeURIComponent(raw);
  } catch {
    throw new MalformedUriError('its percent-encoding is broken');
  }
}

/**
 * The values of a template's variables in the segments of a URI.
 * @returns undefined where the URI does not match the template.
 * @throws MalformedUriError where it matches, but a value has the wrong form.
 */
export function matchTemplate(template: string, segments: readonly string[]): Record<string, string> | undefined {
  const parts = template.slice(SCHEME.length).split('/');
  const isOpen = parts.at(-1) === `{${VARIABLE_WITH_SLASHES}}`;
  if (isOpen ? segments.length < parts.length : segments.length !== parts.length) return undefined;
  const values: Record<string, string> = {};
  for (const [at, part] of parts.entries()) {
    const name = /^\{(\w+)\}$/.exec(part)?.[1];
    const isRest = isOpen && at === parts.length - 1;
    const value = isRest ? segments.slice(at).join('/') : segments[at]!;
    if (name === undefined) {
      if (value !== part) return undefined;
    } else values[name] = value;
  }
  for (const [name, value] of Object.entries(values)) {
    if (!isValue(name, value)) throw new MalformedUriError(`${name} cannot be ${JSON.stringify(value.slice(0, 60))}`);
  }
  return values;
}

/** Whether a variable takes a value. */
export function isValue(variable: string, value: string): boolean {
  const isDots = value.split('/').some((part) => /^\.{1,2}$/.test(part));
  const isStandIn = ['slug', 'conversationId'].includes(variable) && isIdPlaceholder(value);
  return !isDots && !isStandIn && VALUES[variable]?.test(value) === true;
}

/** The variables of a template, in order. */
export function variablesOf(template: string): string[] {
  return [...template.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!);
}

/** Fills in the variables of a template, encoded. */
export function fillTemplate(template: string, values: Record<string, string | number>): string {
  return template.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(values[name])));
}
