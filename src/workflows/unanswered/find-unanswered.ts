import type { Conversation } from '../../client/operations/inbox.ts';
import { isBlocked, type Waiting, waitingOf } from '../inbox/waiting.ts';

export const INCLUDES = ['closing', 'blocked', 'group', 'they_wrote_first'] as const;
export type Include = (typeof INCLUDES)[number];

/** A conversation whose last message is the person's. */
export interface Unanswered extends Waiting {
  conversation: Conversation;
  /** When the person began to wait, in ms since the epoch. */
  at: number;
  /** The person perhaps expects no answer: the newest automatic tag says so, or the text is very short. */
  isClosing: boolean;
}

const NOT_INTERESTED = 'not interested';
/** Texts such as `Thanks!` */
const SHORT_TEXT = 12;

/** The conversations that wait for us. */
export function findUnanswered(conversations: readonly Conversation[]): Unanswered[] {
  return conversations.flatMap((conversation) => {
    const waiting = waitingOf(conversation);
    if (waiting === undefined) return [];
    const at = Date.parse(waiting.since ?? '');
    return [{ ...waiting, conversation, at: Number.isNaN(at) ? 0 : at, isClosing: isClosing(conversation, waiting) }];
  });
}

function isClosing({ correspondentProfile }: Conversation, { said }: Waiting): boolean {
  const newestTag = correspondentProfile?.autoTags?.at(-1)?.name?.toLowerCase();
  return newestTag === NOT_INTERESTED || (said !== null && [...said.trim()].length <= SHORT_TEXT);
}

/** Why a conversation is left out, unless the call includes it. */
export type LeftOut = 'blocked' | 'group' | 'theyWroteFirst' | 'underWaitingHours';

interface Choice {
  include: readonly Include[];
  waitingHours: number;
  now: number;
}

/** Separates the conversations that a result shows from those that it only counts. */
export function choose(all: readonly Unanswered[], { include, waitingHours, now }: Choice) {
  const leftOut: Record<LeftOut, number> = { blocked: 0, group: 0, theyWroteFirst: 0, underWaitingHours: 0 };
  const chosen = all.filter((candidate) => {
    const reason =
      reasonFor(candidate, include) ?? (now - candidate.at < waitingHours * HOUR_MS ? 'underWaitingHours' : undefined);
    if (reason !== undefined) leftOut[reason] += 1;
    return reason === undefined;
  });
  return { chosen: chosen.toSorted(bySortKey(include.includes('closing'))), leftOut };
}

const HOUR_MS = 3_600_000;

function reasonFor({ conversation, theyWroteFirst }: Unanswered, include: readonly Include[]): LeftOut | undefined {
  if (isBlocked(conversation) && !include.includes('blocked')) return 'blocked';
  if (conversation.groupChat === true && !include.includes('group')) return 'group';
  return theyWroteFirst && !include.includes('they_wrote_first') ? 'theyWroteFirst' : undefined;
}

/** The position of a row in the result: closing ones last, then the longest waiting first. */
export type SortKey = [isClosing: number, at: number, id?: string];

/** The sort key of a conversation. Closing replies come last, unless they are mixed in. */
export function sortKeyOf({ isClosing, at, conversation }: Unanswered, mixClosing: boolean): SortKey {
  return [isClosing && !mixClosing ? 1 : 0, at, conversation.id ?? ''];
}

/** A sort key without an id equals every key with the same time. */
export function compareSortKeys(a: SortKey, b: SortKey): number {
  const order = a[0] - b[0] || a[1] - b[1];
  if (order !== 0 || a[2] === undefined || b[2] === undefined || a[2] === b[2]) return order;
  return a[2] < b[2] ? -1 : 1;
}

/** The sort key of the last shown row. It needs the long id only where the next row has the same time. */
export function lastSortKeyOf(last: Unanswered, next: Unanswered, mixClosing: boolean): SortKey {
  const [isClosing, at, id] = sortKeyOf(last, mixClosing);
  const isTie = compareSortKeys([isClosing, at], sortKeyOf(next, mixClosing)) === 0;
  return isTie && id !== undefined ? [isClosing, at, id] : [isClosing, at];
}

function bySortKey(mixClosing: boolean) {
  return (a: Unanswered, b: Unanswered) => compareSortKeys(sortKeyOf(a, mixClosing), sortKeyOf(b, mixClosing));
}

/** How many wait for how long. */
export function countByAge(all: readonly Unanswered[], now: number) {
  const days = all.map(({ at }) => (now - at) / (24 * HOUR_MS));
  const between = (from: number, to: number) => days.filter((day) => day >= from && day < to).length;
  return {
    under1d: between(Number.NEGATIVE_INFINITY, 1),
    '1to3d': between(1, 3),
    '3to7d': between(3, 7),
    over7d: between(7, Number.POSITIVE_INFINITY),
  };
}
