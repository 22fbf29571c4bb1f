import type { Campaign } from '../../client/operations/campaigns.ts';
import { countNoun } from '../../lib/text-format.ts';
import { type MissingPart, missing } from '../shared/incomplete.ts';
import { type Settled, settle } from '../shared/settle.ts';
import { sideBySide } from '../shared/side-by-side.ts';
import { type Blacklist, readBlacklist } from './blacklist.ts';
import { type PersonConversation, readConversations } from './conversations.ts';
import { type ContactCheck, planFrom, readIf, readIndexStarts, readValue } from './index-starts.ts';
import type { Part } from './part-cache.ts';
import { type ListSize, MAX_PEOPLE } from './plan.ts';
import { type IndexSource, partOf } from './source.ts';
import { type List, membersTitle, readMembers } from './workspace.ts';

/** Lists that are read side by side. */
const MAX_LISTS = 4;
/** A first page this old is read again with the others. */
const START_FRESH_MS = 5_000;

export interface IndexScope {
  checks: readonly ContactCheck[];
  /** An index that needs more requests than this, the first pages of the listings included, is not read. */
  maxRequests: number;
  /** Lists that feed only this campaign are not needed to find the campaigns of people. */
  exceptCampaignId?: number | undefined;
  maxPeople?: number | undefined;
}

/** A list whose members were read. */
export interface IndexedList {
  list: List & { id: number };
  /** The member id of each member by comparison key. Empty where HeyReach has none. */
  idByKey: Map<string, string>;
}

/** Which people HeyReach knows, by the comparison key of their profile URL. Undefined parts were not asked for, or not read. */
export interface PeopleIndex {
  /** All lists of people, with or without their members. */
  allLists: List[];
  lists: IndexedList[];
  campaigns: Campaign[] | undefined;
  conversations: Map<string, PersonConversation[]> | undefined;
  blacklist: Blacklist | undefined;
  /** The seconds since the read of its oldest part began. */
  age: number;
  /** Whether a read of a part failed or was cut off, so that further people can be in it. */
  gaps: Record<ContactCheck, boolean>;
  incomplete: MissingPart[];
}

export type IndexRead = { state: 'read'; index: PeopleIndex } | { state: 'not_checked'; reason: string };

/**
 * Reads which people of the workspace are in lists, conversations and on the blacklist. Parts that are known need no request.
 * @returns `not_checked` where the index needs more than `maxRequests`, or where HeyReach returns no part of it.
 */
export async function readPeopleIndex(source: IndexSource, scope: IndexScope): Promise<IndexRead> {
  const { checks } = scope;
  const { cache, time } = source;
  const starts = await readIndexStarts(source, checks);
  const { lists, campaigns, conversations: inboxStart, blacklist: blacklistStart } = starts;
  const read = Object.values(starts).filter((start) => start !== undefined);
  const failed = read.find((start) => !start.ok);
  if (failed !== undefined && !failed.ok && read.every(({ ok }) => !ok)) {
    return { state: 'not_checked', reason: failed.error.message };
  }

  const allLists = readValue(lists)?.rows ?? [];
  const { plan, needed } = planFrom(starts, source, scope);
  const requests = source.requests() + plan.requests;
  source.expect(plan.requests);
  if (requests > scope.maxRequests) return { state: 'not_checked', reason: `needs about ${requests} requests` };

  const fitting = new Set(plan.lists);
  const fresh = <Value>(start: Settled<Part<Value>> | undefined) =>
    start?.ok && cache.ageOf(start.value) < START_FRESH_MS ? start.value.value : undefined;
  const [members, conversations, blacklist] = await Promise.all([
    sideBySide(
      needed.filter(({ id }) => fitting.has(id)),
      MAX_LISTS,
      async (list) => ({
        list,
        read: await settle(partOf(source, `list ${list.id}`, (part) => readMembers(list, part))),
      }),
    ),
    readIf(checks.includes('conversations') && inboxStart?.ok !== false, () =>
      partOf(source, 'inbox', (part) => readConversations(fresh(inboxStart), part)),
    ),
    readIf(checks.includes('blacklist') && blacklistStart?.ok !== false, () =>
      partOf(source, 'blacklist', (part) => readBlacklist(fresh(blacklistStart), part)),
    ),
  ]);
  const parts = [lists, campaigns, conversations, blacklist, ...members.map(({ read }) => read)];
  const oldest = Math.min(...parts.flatMap((part) => (part?.ok ? [part.value.readAt] : [])));
  return {
    state: 'read',
    index: {
      allLists,
      lists: members.flatMap(({ list, read }) => (read.ok ? [{ list, idByKey: read.value.value.idByKey }] : [])),
      campaigns: readValue(campaigns)?.rows,
      conversations: readValue(conversations)?.byPerson,
      blacklist: readValue(blacklist),
      age: Number.isFinite(oldest) ? Math.round(cache.ageOf({ readAt: oldest }) / 1_000) : 0,
      gaps: {
        lists: isCut(lists) || members.some(({ read }) => isCut(read)) || plan.left.length > 0,
        campaigns: isCut(campaigns),
        conversations: isCut(inboxStart) || isCut(conversations),
        blacklist: isCut(blacklistStart) || isCut(blacklist),
      },
      incomplete: [
        ...Object.entries(starts).flatMap(([part, start]) =>
          start !== undefined && !start.ok ? [missing(part, start.error, time)] : [],
        ),
        ...parts.flatMap((part) => (part?.ok ? part.value.value.incomplete : [])),
        ...members.flatMap(({ list, read }) => (read.ok ? [] : [missing(membersTitle(list), read.error, time)])),
        ...(conversations?.ok === false ? [missing('conversations', conversations.error, time)] : []),
        ...(blacklist?.ok === false ? [missing('blacklist', blacklist.error, time)] : []),
        ...tooMany(plan.left, scope.maxPeople ?? MAX_PEOPLE),
      ],
    },
  };
}

function isCut(part: Settled<Part<unknown>> | undefined): boolean {
  return part !== undefined && !(part.ok && part.value.isWhole);
}

/** Names the lists that an index has no room for. */
function tooMany(left: readonly ListSize[], maxPeople: number): MissingPart[] {
  if (left.length === 0) return [];
  const people = left.reduce((sum, { rows }) => sum + rows, 0);
  const part = `${countNoun(people, 'member')} of ${countNoun(left.length, 'list')} (${left
    .map(({ id }) => id)
    .slice(0, 10)
    .join(', ')})`;
  return [{ part, reason: `an index holds at most ${maxPeople} list members` }];
}
