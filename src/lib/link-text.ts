import { trimInvisible } from './blank-text.ts';

const MARKDOWN_LINK = /^\[([^\]]*)\]\(\s*<?([^\s<>]*?)>?(?:\s+(?:"[^"]*"|'[^']*'))?\s*\)$/;
const WRAPPED = /^(?:<(.*)>|`(.*)`|"(.*)"|'(.*)'|“(.*)”|‘(.*)’)$/su;
/** A backslash that markdown needs before punctuation. */
const ESCAPE = /\\([!-/:-@[-`{-~])/g;
/** Real input has one or two layers. */
const MAX_LAYERS = 4;

/**
 * The address in a text that was copied from a formatted document: a markdown link, an address in angle brackets, quotation
 * marks or backticks, with or without markdown's backslashes. Other texts are returned without invisible ends.
 */
export function unwrapLink(text: string): string {
  let address = trimInvisible(text);
  for (let layer = 0; layer < MAX_LAYERS; layer += 1) {
    const inner = unwrapOnce(address);
    if (inner === address) break;
    address = inner;
  }
  return address;
}

function unwrapOnce(text: string): string {
  const unescaped = text.replace(ESCAPE, '$1');
  const link = MARKDOWN_LINK.exec(unescaped);
  if (link !== null) {
    const [label = '', target = ''] = link.slice(1).map((part) => trimInvisible(part ?? ''));
    if (!looksLikeAddress(target)) return text;
    // A label that is another address leaves open which of the two is meant.
    return !looksLikeAddress(label) || plain(label) === plain(target) ? withoutMailto(target) : text;
  }
  const inner = WRAPPED.exec(unescaped)
    ?.slice(1)
    .find((part) => part !== undefined);
  return inner !== undefined && looksLikeAddress(inner) ? withoutMailto(trimInvisible(inner)) : unescaped;
}

/** A bare word is no address: `<slug>` is a placeholder. */
function looksLikeAddress(text: string): boolean {
  return /^\S+[./]\S+$/.test(text.trim());
}

function withoutMailto(address: string): string {
  return address.replace(/^mailto:/i, '');
}

function plain(address: string): string {
  return withoutMailto(address)
    .replace(/^https?:\/\//i, '')
    .replace(/\/$/, '')
    .toLowerCase();
}
