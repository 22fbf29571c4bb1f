const SCHEME = 'heyreach://';
const MAX_URI = 2_000;
/** Larger numbers would be read as others. */
const ID = /^[1-9]\d{0,14}$/;
/**
 * Conversation ids are base64 behind a number; what else HeyReach may use is let through, but for blanks and controls. A percent
 * sign that is left was encoded twice.
 */
const CONVERSATION_ID = /^[^\s\p{C}%\\]{1,300}$/u;
const SLUG = /^[^\s\p{C}%/?#\\]{1,200}$/u;

/** The variables that a template of ours can have, and which values each takes. */
const VALUES: Record<string, RegExp> = {
  campaignId: ID,
  listId: ID,
  accountId: ID,
  conversationId: CONVERSATION_ID,
  slug: SLUG,
};

/** The one variable whose values may hold slashes: it stands last, and takes the rest of the path. */
const WITH_SLASHES = 'conversationId';

/** A URI that no resource of ours can have; the message says why. */
export class MalformedUri extends Error {}

/**
 * The segments of a resource URI, decoded.
 * @returns undefined for a URI of another scheme.
 * @throws MalformedUri for one that climbs, hides a slash in an id, or cannot be decoded.
 */
export function splitUri(uri: string): string[] | undefined {
  if (!uri.startsWith(SCHEME)) return undefined;
  if (uri.length > MAX_URI) throw new MalformedUri('it is too long');
  const path = uri.slice(SCHEME.length);
  if (/[?#\s\p{C}\\]/u.test(path)) throw new MalformedUri('it holds a query, a fragment, a blank or a backslash');
  return path.split('/').map((raw) => {
    const segment = decode(raw);
    if (segment.split('/').some((part) => /^\.{1,2}$/.test(part))) {
      throw new MalformedUri('a part of its path is "." or ".."');
    }
    return segment;
  });
}

function decode(raw: string): string {
  try {
    return decodeURIComponent(raw);
  } catch {
    throw new MalformedUri('its percent-encoding is broken');
  }
}

/**
 * The values of a template's variables in a URI that was split.
 * @returns undefined where the URI is not of this template.
 * @throws MalformedUri where it is, and a value is none of that variable.
 */
export function matchTemplate(template: string, segments: readonly string[]): Record<string, string> | undefined {
  const parts = template.slice(SCHEME.length).split('/');
  const isOpen = parts.at(-1) === `{${WITH_SLASHES}}`;
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
    if (!VALUES[name]!.test(value)) throw new MalformedUri(`${name} cannot be ${JSON.stringify(value.slice(0, 60))}`);
  }
  return values;
}

/** Whether a text can be a value of a variable. */
export function isValue(variable: string, text: string): boolean {
  const isDots = text.split('/').some((part) => /^\.{1,2}$/.test(part));
  return !isDots && VALUES[variable]?.test(text) === true;
}

/** The variables of a template, in their order. */
export function variablesOf(template: string): string[] {
  return [...template.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!);
}

/** The URI of a resource: the template with its variables filled in, each encoded. */
export function fillTemplate(template: string, values: Record<string, string | number>): string {
  return template.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(values[name])));
}
