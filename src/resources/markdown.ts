import { cleanText } from '../tools/clean.ts';
import { inline } from '../tools/preview.ts';
import { clipText } from '../tools/shape.ts';

/**
 * A text as a quotation. Whoever wrote it, each of its lines stays inside, so that none can pass for one of ours, and a host
 * that renders it loads no image, no HTML and no link of theirs with another text than its address.
 */
export function quote(text: string, most = Number.POSITIVE_INFINITY): string {
  return (
    clipText(cleanText(text), most)
      .trim()
      .replace(/<(?=[a-z/!?])/gi, '&lt;')
      .replaceAll('![', '!\\[')
      // Of a link in place, and of one defined elsewhere.
      .replace(/\](?=[(:])/g, ']\\')
      .split(/\r\n|\r|\n/)
      .map((line) => (line === '' ? '>' : `> ${line}`))
      .join('\n')
  );
}

/** A name or the like within a line of ours. */
export function plain(text: string | null | undefined): string {
  return inline(text)
    .replace(/[\\`*[\]]|(?<!\w)_|_(?!\w)/g, '\\$&')
    .replaceAll('<', '&lt;');
}

/** `2026-09-19 09:00 UTC`; what is no time is left as it came. */
export function moment(time: string | null | undefined): string {
  const at = Date.parse(time ?? '');
  if (Number.isNaN(at)) return plain(time) || 'at an unknown time';
  return `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
