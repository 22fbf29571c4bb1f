import type { ContactRow } from './count-contacts.ts';

const KINDS: [RegExp, string][] = [
  [/linkedin\.com\/(?:company|school|showcase)\//i, 'company page'],
  [/linkedin\.com\/sales\//i, 'Sales Navigator URL of no person'],
  [/linkedin\.com\//i, 'not a profile URL'],
  [/^[^\s@/]+@[^\s@/]+$/, 'e-mail address'],
];

/** Why a text names no person. */
export function noteOfUnreadable(text: string): string {
  if (text === '') return 'blank';
  return KINDS.find(([pattern]) => pattern.test(text))?.[1] ?? 'not a URL';
}

/** Why a row could not be checked. undefined for all other rows. */
export function verdictNoteOf({ verdict, note, url, contacts }: ContactRow): string | undefined {
  if (verdict !== 'uncheckable' || contacts === undefined) return note;
  if (!contacts.isUnresolved) return 'not read: see incomplete';
  return `HeyReach does not know this ${/\/sales\//i.test(url) ? 'Sales Navigator URL' : 'member id'}`;
}
