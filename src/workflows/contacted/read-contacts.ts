import type { BlacklistStatus } from '../opt-outs/blacklist-status.ts';
import type { Membership } from '../people-index/campaign-parts.ts';
import type { PersonConversation } from '../people-index/conversations.ts';
import { type IndexedPerson, isFetched } from '../people-index/fetch-per-person.ts';
import { type ContactCheck, isKnown, planFrom, readIndexStarts } from '../people-index/index-starts.ts';
import { CAMPAIGNS_CACHE_NAME } from '../people-index/person-campaigns.ts';
import { indexKeysOf, knownUrl } from '../people-index/person-keys.ts';
import type { IndexPlan } from '../people-index/plan.ts';
import { type PeopleIndex, readPeopleIndex } from '../people-index/read-people-index.ts';
import type { IndexSource } from '../people-index/source.ts';
import { type MissingPart, missing } from '../shared/incomplete.ts';
import { type ContactParts, readContactParts } from './contact-parts.ts';
import {
  type CheckStrategies,
  type CheckStrategy,
  type IndexCosts,
  overallStrategy,
  planStrategies,
} from './contact-plan.ts';
import { CACHE_NAMES } from './fetch-contacts.ts';
import { resolveProfiles } from './resolve-profiles.ts';

/** To find out whether an index is cheaper takes as many requests as to fetch the parts of so few people. */
const FEW_PEOPLE = 2;

/** A person to check. */
export interface PersonToCheck {
  /** Empty where only a member id is known. */
  url: string;
  memberId: string | undefined;
}

/** What the workspace has of a person. A part that was not checked, or that could not be read, is undefined. */
export interface PersonContacts {
  campaigns: readonly Membership[] | undefined;
  lists: readonly number[] | undefined;
  conversations: readonly PersonConversation[] | undefined;
  blacklist: BlacklistStatus | undefined;
  /** A part could not be read, so that there can be more than was found. */
  isUnread: boolean;
  /** HeyReach knows no one under this kind of URL. */
  isUnresolved: boolean;
}

export interface Contacts {
  way: CheckStrategy | 'mixed';
  byPerson: Map<string, PersonContacts>;
  /** The seconds since the oldest part of the index was read. */
  age: number;
  incomplete: MissingPart[];
}

interface ContactScope {
  checks: readonly ContactCheck[];
  /** Fetch the campaigns of each person. */
  isExact: boolean;
  maxRequests: number;
}

/**
 * Reads in which campaigns, lists and conversations people are, and whether the blacklist excludes them.
 * @param people by comparison key.
 */
export async function readContacts(
  people: ReadonlyMap<string, PersonToCheck>,
  source: IndexSource,
  scope: ContactScope,
): Promise<Contacts> {
  const { maxRequests } = scope;
  const strategies = await chooseStrategies([...people.keys()], source, scope);
  const checks = scope.checks.filter((check) => strategies[check] === 'index');
  const read = checks.length === 0 ? undefined : await readPeopleIndex(source, { checks, maxRequests });
  const index = read?.state === 'read' ? read.index : undefined;
  const keys = indexKeysOf(people, index?.lists ?? []);
  const held = new Map(
    [...people].map(([person, { url }]): [string, IndexedPerson] => {
      const own = keys.get(person) ?? [person];
      return [person, { url: knownUrl(url, own), keys: own }];
    }),
  );
  const { profiles, unresolved, error } = await resolveProfiles(held, (some) => isHeld(some, index), source);
  const known = new Map(
    [...held].flatMap(([person, { url, keys: own }]): [string, IndexedPerson][] => {
      const profile = profiles.get(person);
      if (unresolved.has(person)) return [];
      return [[person, { url: profile?.url ?? url, keys: [...new Set([...own, ...(profile?.keys ?? [])])] }]];
    }),
  );
  const parts = await readContactParts({ strategies, people: known, index, source, maxRequests });
  return {
    way: overallStrategy(strategies),
    byPerson: new Map([...people.keys()].map((person) => [person, contactsOf(person, parts, unresolved.has(person))])),
    age: index?.age ?? 0,
    incomplete: [
      ...(read?.state === 'not_checked' ? [{ part: checks.join(', '), reason: `not checked: ${read.reason}` }] : []),
      ...(index?.incomplete ?? []),
      ...Object.values(parts).flatMap((part) => part?.incomplete ?? []),
      ...(error === undefined ? [] : [missing('profiles of people without a readable URL', error, source.time)]),
    ],
  };
}

async function chooseStrategies(
  people: readonly string[],
  source: IndexSource,
  { checks, isExact }: ContactScope,
): Promise<CheckStrategies> {
  const unfetched = (name: string) => people.filter((person) => !isFetched(source, name, person)).length;
  const fetchCosts = {
    campaigns: unfetched(CAMPAIGNS_CACHE_NAME),
    lists: unfetched(CACHE_NAMES.lists),
    conversations: unfetched(CACHE_NAMES.conversations),
    blacklist: unfetched(CACHE_NAMES.blacklist),
  };
  return planStrategies(await indexCosts(people.length, source, checks), fetchCosts, { checks, isExact });
}

const MAIN_PARTS = { campaigns: 'campaigns', lists: 'lists', conversations: 'inbox', blacklist: 'blacklist' };

/** What an index costs. Undefined where finding out costs more than to fetch the parts of each person. */
async function indexCosts(
  people: number,
  source: IndexSource,
  checks: readonly ContactCheck[],
): Promise<IndexCosts | undefined> {
  const isFree = checks.every((check) => isKnown(source, MAIN_PARTS[check]));
  if (people <= FEW_PEOPLE && !isFree) return undefined;
  const starts = await readIndexStarts(source, checks);
  const planOf = (some: readonly ContactCheck[]) => planFrom(starts, source, { checks: some }).plan;
  const listPages = ({ left, parts }: IndexPlan) => (left.length === 0 ? parts.lists : Number.POSITIVE_INFINITY);
  const all = planOf(['lists']);
  return {
    fedLists: listPages(planOf(['campaigns'])),
    allLists: listPages(all),
    conversations: all.parts.conversations,
    blacklist: all.parts.blacklist,
  };
}

/** Whether an index has people under one of the keys. */
function isHeld(keys: readonly string[], index: PeopleIndex | undefined): boolean {
  return keys.some(
    (key) =>
      index?.lists.some(({ idByKey }) => idByKey.has(key)) === true ||
      index?.conversations?.has(key) === true ||
      index?.blacklist?.byKey.has(key) === true,
  );
}

function contactsOf(person: string, parts: ContactParts, isUnresolved: boolean): PersonContacts {
  const { campaigns, lists, conversations, blacklist } = parts;
  return {
    campaigns: campaigns?.of(person),
    lists: lists?.of(person),
    conversations: conversations?.of(person),
    blacklist: blacklist?.of(person),
    isUnread: Object.values(parts).some((part) => part?.isUnread(person) === true),
    isUnresolved,
  };
}
