import { escapeName, quoteLines } from '../../lib/outside-text.ts';
import { sanitizeText } from '../../lib/sanitize-text.ts';
import { clipText } from '../../lib/text-format.ts';

/**
 * Quotes a text of an outside author. Each of its lines stays inside the quotation, so that none can look like a line of ours.
 * Images, HTML and links with a text of their own do not render.
 */
export function quote(text: string, maxLength = Number.POSITIVE_INFINITY): string {
  // Two spaces keep the lines apart.
  return quoteLines(clipText(sanitizeText(text), maxLength).trim()).join('  \n');
}

/** Escapes a name or another short text within a line of ours. */
export function plain(text: string | null | undefined): string {
  return escapeName(text);
}

/** `2026-09-19 09:00 UTC`. A text that is not a time is returned escaped. */
export function moment(time: string | null | undefined): string {
  const at = Date.parse(time ?? '');
  if (Number.isNaN(at)) return plain(time) || 'at an unknown time';
  return `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
