import { type BlacklistStatus, strongestStatus } from '../opt-outs/blacklist-status.ts';
import type { Membership } from '../people-index/campaign-parts.ts';
import type { PersonConversation } from '../people-index/conversations.ts';
import type { IndexedPerson } from '../people-index/fetch-per-person.ts';
import type { ContactCheck } from '../people-index/index-starts.ts';
import { fetchCampaigns, readPersonCampaigns } from '../people-index/person-campaigns.ts';
import type { PeopleIndex } from '../people-index/read-people-index.ts';
import type { IndexSource } from '../people-index/source.ts';
import type { MissingPart } from '../shared/incomplete.ts';
import type { CheckStrategies } from './contact-plan.ts';
import { fetchBlacklist, fetchConversations, fetchLists, type PerPersonResult } from './fetch-contacts.ts';

/** A part of what is known of people. */
export interface ContactPart<Value> {
  /** Undefined where nothing was read about the person. */
  of(person: string): Value | undefined;
  /** Whether a failed read can hold more about the person. */
  isUnread(person: string): boolean;
  incomplete: readonly MissingPart[];
}

/** The checks that are made. */
export interface ContactParts {
  campaigns?: ContactPart<readonly Membership[]> | undefined;
  lists?: ContactPart<readonly number[]> | undefined;
  conversations?: ContactPart<readonly PersonConversation[]> | undefined;
  blacklist?: ContactPart<BlacklistStatus> | undefined;
}

interface PartsRequest {
  strategies: CheckStrategies;
  /** By comparison key. */
  people: ReadonlyMap<string, IndexedPerson>;
  /** Undefined where it was not read. */
  index: PeopleIndex | undefined;
  source: IndexSource;
  maxRequests: number;
}

/** Reads each part by its strategy: from the index, or with a request for each person. */
export async function readContactParts(request: PartsRequest): Promise<ContactParts> {
  const { strategies, people, source, index } = request;
  const readOn = async <Value>(
    check: ContactCheck,
    fromIndex: (index: PeopleIndex) => ContactPart<Value> | Promise<ContactPart<Value>>,
    fetch: () => Promise<ContactPart<Value>>,
  ): Promise<ContactPart<Value> | undefined> => {
    if (strategies[check] === 'index') return index === undefined ? UNREAD : fromIndex(index);
    if (strategies[check] === undefined) return undefined;
    if (source.requests() + people.size <= request.maxRequests) return fetch();
    return { ...UNREAD, incomplete: [{ part: check, reason: `not checked: needs about ${people.size} requests` }] };
  };
  // One after the other, so that each can say how many requests are still to come.
  const lists = await readOn(
    'lists',
    (from) => listsIn(from, people),
    async () => fromFetched(await fetchLists(people, source)),
  );
  const conversations = await readOn(
    'conversations',
    (from) => conversationsIn(from, people),
    async () => fromFetched(await fetchConversations(people, source)),
  );
  const blacklist = await readOn(
    'blacklist',
    (from) => blacklistIn(from, people),
    async () => fromFetched(await fetchBlacklist(people, source)),
  );
  const campaigns = await readOn(
    'campaigns',
    (from) => campaignsIn(from, request),
    async () => fromFetched(await fetchCampaigns(people, source)),
  );
  return { campaigns, lists, conversations, blacklist };
}

const UNREAD: ContactPart<never> = { of: () => undefined, isUnread: () => true, incomplete: [] };

function fromFetched<Value>({ byPerson, unread, incomplete }: PerPersonResult<Value>): ContactPart<Value> {
  return { of: (person) => byPerson.get(person), isUnread: (person) => unread.has(person), incomplete };
}

async function campaignsIn(
  index: PeopleIndex,
  { people, source, maxRequests }: PartsRequest,
): Promise<ContactPart<readonly Membership[]>> {
  const { byPerson, unread, incomplete } = await readPersonCampaigns(people, index, source, { maxRequests });
  const isCut = index.gaps.campaigns || index.gaps.lists;
  return {
    of: (person) => byPerson && (byPerson.get(person) ?? []),
    isUnread: (person) => isCut || unread.has(person),
    incomplete,
  };
}

type People = PartsRequest['people'];

function listsIn({ lists, gaps }: PeopleIndex, people: People): ContactPart<readonly number[]> {
  return {
    of(person) {
      const keys = people.get(person)?.keys ?? [];
      return lists.flatMap(({ list, idByKey }) => (keys.some((key) => idByKey.has(key)) ? [list.id] : []));
    },
    isUnread: () => gaps.lists,
    incomplete: [],
  };
}

function conversationsIn({ conversations, gaps }: PeopleIndex, people: People): ContactPart<PersonConversation[]> {
  return {
    of(person) {
      if (conversations === undefined) return undefined;
      const all = people.get(person)?.keys.flatMap((key) => conversations.get(key) ?? []) ?? [];
      // A conversation is kept under the URL and under the member id.
      return [...new Map(all.map((conversation) => [conversation.conversationId, conversation])).values()];
    },
    isUnread: () => gaps.conversations,
    incomplete: [],
  };
}

function blacklistIn({ blacklist, gaps }: PeopleIndex, people: People): ContactPart<BlacklistStatus> {
  return {
    of(person) {
      if (blacklist === undefined) return undefined;
      const keys = people.get(person)?.keys ?? [];
      return strongestStatus(
        keys.flatMap((key) => [blacklist.byKey.get(key), blacklist.byMemberId.get(key.slice(key.indexOf('/') + 1))]),
      );
    },
    isUnread: () => gaps.blacklist,
    incomplete: [],
  };
}
