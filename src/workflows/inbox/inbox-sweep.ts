import { type InboxPage, type InboxStart, readInboxPage } from '../../client/inbox-pages.ts';
import { type Conversation, type ConversationFilters, WHOLE_INBOX } from '../../client/operations/inbox.ts';
import { countNoun } from '../../lib/text-format.ts';
import type { ToolContext } from '../../mcp/tool.ts';
import { showSender } from '../../views/people.ts';
import { readSenders } from '../senders/workspace-senders.ts';
import { type MissingPart, missing } from '../shared/incomplete.ts';
import { dayOf } from '../shared/periods.ts';
import { settle } from '../shared/settle.ts';
import { sideBySide } from '../shared/side-by-side.ts';
import type { ThrottledProgress } from '../shared/throttled-progress.ts';
import type { WorkTime } from '../shared/work-time.ts';
import {
  type Lane,
  type LanePage,
  type LaneRead,
  lastMessageTime,
  type Marks,
  NOTHING_READ,
  readLane,
} from './cursor-lane.ts';

const PAGE_SIZE = 100;
/** Above this number of conversations each sender gets a cursor of its own, because the pages of one cursor follow each other. */
const MAX_FOR_ONE_CURSOR = 500;
/** Cursors that are read at the same time. A page can have 250 kB. */
const MAX_CURSORS = 8;

/** Which conversations a sweep reads. */
export interface SweepScope {
  /** The first UTC day of the last message. The whole inbox where it is undefined. */
  from?: string | undefined;
  linkedInAccountIds: number[];
  campaignIds: number[];
}

/** The bounds of lanes by sender, `0` for one lane of all senders. */
export type LaneBounds = Record<string, LaneBound>;
export type LaneBound = [
  newest: number | null,
  oldest: number | null,
  readAtNewest?: Marks | null | undefined,
  readAtOldest?: Marks | null | undefined,
];

/** Which lanes of the scope a sweep reads, for example those that an earlier sweep did not finish. */
export interface SweepPart {
  bounds: LaneBounds;
  /** Read only the lanes that have bounds. */
  isRest: boolean;
}

/** What a sweep has read, lane by lane. */
export interface Sweep {
  reads: LaneRead[];
  /** HeyReach's number of conversations in the window. Undefined where it is unknown. */
  total: number | undefined;
}

interface SweepContext {
  scope: SweepScope;
  context: Pick<ToolContext, 'client'>;
  time: WorkTime;
  progress: ThrottledProgress;
  /** The first page of all senders, where it was read already. */
  first?: InboxPage | undefined;
  /** What to keep of a conversation. A page can have 250 kB. */
  trim?: ((conversation: Conversation) => Conversation) | undefined;
}

/** Reads the inbox of some days: with one cursor, or with a cursor for each sender where there are many conversations. */
export async function sweepInbox(part: SweepPart, source: SweepContext): Promise<Sweep> {
  const { scope, time } = source;
  const keys = Object.keys(part.bounds);
  if (part.isRest)
    return sweepLanes(
      keys.map((key) => laneOf(Number(key), part.bounds)),
      source,
    );
  const all = laneOf(0, part.bounds);
  const first = source.first ?? (await readPage(source, all, null));
  if (first.totalCount !== undefined) source.progress.expect(first.totalCount);
  const mustSplit = keys.some((key) => key !== '0');
  const isSmall = (first.totalCount ?? Number.POSITIVE_INFINITY) <= MAX_FOR_ONE_CURSOR || first.next === null;
  if (!mustSplit && (isSmall || keys.includes('0') || scope.linkedInAccountIds.length === 1)) {
    const read = await readLane(all, { ...readerOf(source), first });
    return { reads: [read], total: first.totalCount };
  }
  const senders = await settle(readSenders(scope.linkedInAccountIds, source.context.client, time.call));
  const ids = senders.ok ? senders.value.chosen.map(({ id }) => id) : scope.linkedInAccountIds;
  if (ids.length === 0) {
    const read = await readLane(all, { ...readerOf(source), first });
    return { reads: [read], total: first.totalCount };
  }
  const sweep = await sweepLanes(
    ids.map((id) => laneOf(id, part.bounds)),
    source,
  );
  return { ...sweep, total: first.totalCount };
}

async function sweepLanes(lanes: readonly Lane[], source: SweepContext): Promise<Sweep> {
  const reads = await sideBySide(lanes, MAX_CURSORS, (lane) => readLane(lane, readerOf(source)));
  return { reads, total: undefined };
}

function laneOf(sender: number, bounds: LaneBounds): Lane {
  const [newest, oldest, readAtNewest, readAtOldest] = bounds[String(sender)] ?? [null, null];
  return {
    sender: sender === 0 ? null : sender,
    newest,
    oldest,
    readAtNewest: readAtNewest ?? undefined,
    readAtOldest: readAtOldest ?? undefined,
  };
}

function readerOf(source: SweepContext) {
  return {
    readPage: (lane: Lane, start: InboxStart) => readPage(source, lane, start),
    isOver: source.time.isOver,
    onPage: (rows: number) => source.progress.add(rows),
  };
}

async function readPage(
  { scope, context, time, trim }: SweepContext,
  { sender, newest }: Lane,
  start: InboxStart,
): Promise<LanePage> {
  const filters: ConversationFilters = {
    ...WHOLE_INBOX,
    linkedInAccountIds: sender === null ? scope.linkedInAccountIds : [sender],
    campaignIds: scope.campaignIds,
  };
  const to = newest === null ? undefined : new Date(newest).toISOString();
  const page = await readInboxPage(
    context.client,
    { start, limit: PAGE_SIZE, filters, from: scope.from && `${scope.from}T00:00:00Z`, to },
    time.call,
  );
  if (trim !== undefined) page.items = page.items.map(trim);
  if (scope.from === undefined) return page;
  // GetConversationsV2 has no dates: its pages go on beyond the window.
  const earliest = Date.parse(scope.from);
  const isOld = (conversation: Conversation) => lastMessageTime(conversation) < earliest;
  const items = page.items.filter((conversation) => !isOld(conversation));
  return items.length < page.items.length ? { ...page, items, next: null, isCut: true } : page;
}

/** Names each lane that was not read to its end, and from which day on it is missing. Names what a read lane lacks. */
export function missingLanes({ reads }: Sweep, time: WorkTime): MissingPart[] {
  return reads.flatMap(({ lane, stopped, conversations, lacking = 0 }) => {
    const account = conversations[0]?.linkedInAccount;
    const whose = lane.sender === null ? 'all senders' : showSender(account, lane.sender);
    if (stopped === undefined) {
      const part = `${countNoun(lacking, 'conversation')} of ${whose}`;
      return lacking === 0 ? [] : [{ part, reason: 'HeyReach counts them but did not return them' }];
    }
    const since = stopped.at === null || stopped.at === NOTHING_READ ? '' : ` before ${dayOf(stopped.at)}`;
    const part = `conversations of ${whose}${since}`;
    if (stopped.error !== undefined) return [missing(part, stopped.error, time)];
    return [{ part, reason: lane.oldest === null ? time.overReason : 'not read in an earlier page either' }];
  });
}

/** Conversations that belong to no sender of the workspace: no cursor of a sender reaches them. */
export function uncovered({ reads, total }: Sweep): MissingPart[] {
  const totals = reads.map((read) => read.total);
  if (total === undefined || totals.some((count) => count === undefined)) return [];
  const rest = total - totals.reduce<number>((sum, count) => sum + (count ?? 0), 0);
  return rest > 0 ? [{ part: `${rest} conversations`, reason: 'of senders that the workspace no longer has' }] : [];
}
