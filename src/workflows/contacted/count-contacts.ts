import type { ContactCheck } from '../people-index/index-starts.ts';
import type { PersonContacts } from './read-contacts.ts';
import { isInRunning, VERDICTS, type Verdict } from './verdict.ts';

/** A person of a check with everything that is known of them. */
export interface ContactRow {
  /** Of the row that names the person. */
  index: number;
  /** The slug where tools take it back, otherwise the URL, or the text that names no one. */
  shown: string;
  url: string;
  verdict: Verdict;
  /** Why a text names no one. */
  note?: string | undefined;
  /** What the source knows of the person. */
  lead?: readonly string[] | undefined;
  /** Undefined for a text that names no one. */
  contacts?: PersonContacts;
}

/** How many people have each verdict. A verdict that no person has is left out. */
export function countVerdicts(rows: readonly ContactRow[]): Partial<Record<Verdict, number>> {
  const counts = VERDICTS.map((verdict) => [verdict, rows.filter((row) => row.verdict === verdict).length] as const);
  return Object.fromEntries(counts.filter(([, count]) => count > 0));
}

type Has = (person: PersonContacts) => boolean;

const COUNTS: [string, ContactCheck, Has][] = [
  ['inRunningCampaign', 'campaigns', isInRunning],
  ['inAnyCampaign', 'campaigns', ({ campaigns }) => isFilled(campaigns)],
  ['inList', 'lists', ({ lists }) => isFilled(lists)],
  [
    'theyAnswered',
    'conversations',
    ({ conversations }) => conversations?.some((conversation) => conversation.theyAnswered) === true,
  ],
  [
    'weWroteLast',
    'conversations',
    ({ conversations }) => conversations?.some((conversation) => conversation.wroteLast === 'us') === true,
  ],
  ['blacklisted', 'blacklist', ({ blacklist }) => blacklist === 'Matched'],
];

/** How many people are in each place that was checked. Null where it was not read for all of them. */
export function countContacts(
  rows: readonly ContactRow[],
  checks: readonly ContactCheck[],
): Record<string, number | null> {
  const people = rows.flatMap(({ contacts }) => contacts ?? []);
  const made = COUNTS.filter(([, check]) => checks.includes(check));
  return Object.fromEntries(
    made.map(([name, check, has]) => {
      const isRead = people.every((person) => person.isUnresolved || person[check] !== undefined);
      return [name, isRead ? people.filter(has).length : null];
    }),
  );
}

/** The people of whom nothing was found in any place that was read. */
export function countUnknown(rows: readonly ContactRow[]): number {
  return rows.filter(({ verdict, contacts }) => verdict === 'clear' && !isFilled(contacts?.lists)).length;
}

function isFilled(some: readonly unknown[] | undefined): boolean {
  return some !== undefined && some.length > 0;
}
