import { createHash } from 'node:crypto';
import type { InboxPage, InboxStart } from '../../client/inbox-pages.ts';
import type { HeyReachError } from '../../client/index.ts';
import type { Conversation } from '../../client/operations/inbox.ts';
import { type Settled, settle } from '../shared/settle.ts';

/** The part of the inbox that one cursor reads, from the newest conversation to the oldest. */
export interface Lane {
  /** The sender of its conversations. Null for all senders. */
  sender: number | null;
  /** Only conversations with a last message at this moment or earlier, in ms since the epoch. */
  newest: number | null;
  /** Reading ends with a last message earlier than this. */
  oldest: number | null;
  /**
   * Marks of the conversations at a boundary time: at `newest` those that an earlier part returned, at `oldest` those that
   * this part returned. Without them both parts return that time, so a conversation may appear twice but is never lost.
   */
  readAtNewest?: Marks | undefined;
  readAtOldest?: Marks | undefined;
}

/** Short hashes of conversation ids. */
export type Marks = string[];
/** Marks take room in the cursor of a result. */
const MAX_MARKS = 20;
const MARK_LENGTH = 6;

/** The end of a lane whose first page failed: the latest moment of a Date. */
export const NOTHING_READ = 8_640_000_000_000_000;

/** A page of a lane. */
export interface LanePage extends InboxPage {
  /** Conversations before the window were left out. The number that HeyReach gives has them too. */
  isCut?: boolean;
}

/** The conversations of a lane, as far as they were read. */
export interface LaneRead {
  lane: Lane;
  conversations: Conversation[];
  /** HeyReach's own number, where a page was read. */
  total: number | undefined;
  /** Where reading stopped before the end of the lane. */
  stopped?: LaneStop;
  /** Conversations that HeyReach counts but did not return, in a lane that was read to its end. */
  lacking?: number;
}

/** Where reading stopped, with the marks of what it has of exactly this moment. */
export interface LaneStop {
  at: number | null;
  read?: Marks | undefined;
  error?: HeyReachError | undefined;
}

interface LaneReader {
  readPage(lane: Lane, start: InboxStart): Promise<LanePage>;
  /** The first page, where it was read already. */
  first?: LanePage | undefined;
  /** The time for reading is over. */
  isOver(): boolean;
  onPage(rows: number): Promise<void>;
}

/** Reads a lane page by page. A page that fails ends it, and what came before is kept. */
export async function readLane(lane: Lane, reader: LaneReader): Promise<LaneRead> {
  const result: LaneRead = { lane, conversations: [], total: undefined };
  let reached = lane.newest;
  let page = reader.first;
  let rows = 0;
  let hasLater = false;
  const stopHere = (error?: HeyReachError): LaneRead => {
    const read = marksAt(reached, result.conversations, lane);
    return { ...result, stopped: { at: reached, read, error } };
  };
  for (let start: InboxStart = null; ; page = undefined) {
    if (page === undefined) {
      if (reader.isOver()) return stopHere();
      const read: Settled<LanePage> = await settle(reader.readPage(lane, start));
      if (!read.ok) return stopHere(read.error);
      page = read.value;
    }
    result.total ??= page.totalCount;
    hasLater ||= page.items.some((item) => isLaterTie(item, lane));
    result.conversations.push(...page.items.filter((item) => isInside(item, lane)));
    rows += page.items.length;
    await reader.onPage(page.items.length);
    reached = earlier(reached, page.items.at(-1));
    // An earlier read of this lane stopped here. What follows belongs to a later part.
    const isPast = lane.oldest !== null && reached !== null && reached < lane.oldest;
    if (isPast || (hasLater && page.next === null)) {
      return { ...result, stopped: { at: lane.oldest, read: lane.readAtOldest } };
    }
    if (page.next === null) return { ...result, lacking: page.isCut ? 0 : lackingIn(lane, result.total, rows) };
    start = page.next;
  }
}

function earlier(reached: number | null, last: Conversation | undefined): number | null {
  const at = last === undefined ? Number.NaN : lastMessageTime(last);
  if (Number.isNaN(at)) return reached;
  return reached === null ? at : Math.min(reached, at);
}

/** When a conversation had its last message, in ms since the epoch. */
export function lastMessageTime({ lastMessageAt }: Conversation): number {
  return Date.parse(lastMessageAt ?? '');
}

function isInside(conversation: Conversation, lane: Lane): boolean {
  const { newest, oldest, readAtNewest } = lane;
  const at = lastMessageTime(conversation);
  if (at === newest && readAtNewest?.includes(markOf(conversation))) return false;
  if (isLaterTie(conversation, lane)) return false;
  return (newest === null || !(at > newest)) && (oldest === null || !(at < oldest));
}

/** A conversation of the moment where an earlier read stopped, which that read does not have. The rest part has it. */
function isLaterTie(conversation: Conversation, { oldest, readAtOldest }: Lane): boolean {
  const isTie = lastMessageTime(conversation) === oldest;
  return isTie && readAtOldest !== undefined && !readAtOldest.includes(markOf(conversation));
}

function marksAt(at: number | null, conversations: readonly Conversation[], lane: Lane): Marks | undefined {
  const here = conversations.filter((conversation) => lastMessageTime(conversation) === at).map(markOf);
  const isStart = at === lane.newest;
  if (isStart && at !== null && lane.readAtNewest === undefined) return undefined;
  const marks = [...(isStart ? (lane.readAtNewest ?? []) : []), ...here];
  return marks.length > MAX_MARKS ? undefined : marks;
}

function markOf({ id }: Conversation): string {
  return createHash('sha256')
    .update(id ?? '')
    .digest('base64url')
    .slice(0, MARK_LENGTH);
}

/** A part of a lane has no number of its own. */
function lackingIn({ newest, oldest }: Lane, total: number | undefined, rows: number): number {
  return newest === null && oldest === null ? Math.max(0, (total ?? 0) - rows) : 0;
}
