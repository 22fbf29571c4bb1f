/** Bounds of one JSON text. They keep the time short in which the text, once parsed, is validated. */
export interface JsonLimits {
  /** A campaign sequence of 200 steps is nested as deep. Everything else is far flatter. */
  depth: number;
  /** Members of one object. */
  members: number;
  /** Values in all. A thousand leads with ten custom fields each have fewer than half as many. */
  items: number;
}

/** The limits of every JSON text from outside: levels, members of one object, values in all. */
export const JSON_LIMITS: JsonLimits = { depth: 256, members: 1_000, items: 100_000 };

/**
 * Counts brackets, colons and commas outside of strings, before the text is parsed. Recursive code overflows the stack on deep
 * values, and validation takes seconds for some values of a few MiB.
 * @returns the limit that the text exceeds, in words.
 */
export function findExcess(bytes: Uint8Array, limits: JsonLimits = JSON_LIMITS): string | undefined {
  // One byte adds at most one level, one member or one value.
  const { length } = bytes;
  if (length <= Math.min(limits.depth, limits.members, limits.items)) return undefined;
  /** The members of the open objects, by depth. */
  const members = new Int32Array(limits.depth + 1);
  let depth = 0;
  let items = 0;
  for (let at = 0; at < length; at += 1) {
    switch (bytes[at]) {
      case QUOTE:
        for (at += 1; at < length && bytes[at] !== QUOTE; at += 1) if (bytes[at] === BACKSLASH) at += 1;
        break;
      case COLON:
        members[depth]! += 1;
        if (members[depth]! > limits.members) return `one object has more than ${inWords(limits.members)} members`;
        break;
      case COMMA:
        items += 1;
        break;
      case OPEN_BRACKET:
      case OPEN_BRACE:
        depth += 1;
        items += 1;
        if (depth > limits.depth) return `it is nested more than ${limits.depth} deep`;
        members[depth] = 0;
        break;
      case CLOSE_BRACKET:
      case CLOSE_BRACE:
        depth -= 1;
        break;
    }
    if (items > limits.items) return `it has more than ${inWords(limits.items)} values`;
  }
  return undefined;
}

function inWords(count: number): string {
  return count.toLocaleString('en-US');
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const COMMA = 0x2c;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
