import type { InboxPage } from '../../client/inbox-pages.ts';
import type { Campaign } from '../../client/operations/campaigns.ts';
import { type Settled, settle } from '../shared/settle.ts';
import { type BlacklistStart, readBlacklistStart } from './blacklist.ts';
import { readInboxStart } from './conversations.ts';
import { neededLists } from './needed-lists.ts';
import type { Part } from './part-cache.ts';
import { type IndexPlan, type ListSize, MAX_PEOPLE, planIndex } from './plan.ts';
import { type IndexSource, partOf } from './source.ts';
import { type List, type Listing, readCampaigns, readLists } from './workspace.ts';

/** What an index is asked about. `campaigns` needs the lists that feed campaigns, `lists` all lists. */
export const CHECKS = ['campaigns', 'lists', 'conversations', 'blacklist'] as const;
export type ContactCheck = (typeof CHECKS)[number];

type Start<Value> = Settled<Part<Value>> | undefined;

/** The listings of a workspace, and the first pages that say how large the rest is. Undefined where it needs no request. */
export interface IndexStarts {
  lists: Start<Listing<List>>;
  campaigns: Start<Listing<Campaign>>;
  conversations: Start<InboxPage>;
  blacklist: Start<BlacklistStart>;
}

/** Reads what says how many requests an index needs. */
export async function readIndexStarts(source: IndexSource, checks: readonly ContactCheck[]): Promise<IndexStarts> {
  const needsLists = checks.includes('lists') || checks.includes('campaigns');
  const needs = (check: ContactCheck, part: string) => checks.includes(check) && !isKnown(source, part);
  const [lists, campaigns, conversations, blacklist] = await Promise.all([
    readIf(needsLists, () => partOf(source, 'lists', readLists)),
    readIf(needsLists, () => partOf(source, 'campaigns', readCampaigns)),
    readIf(needs('conversations', 'inbox'), () => partOf(source, 'inbox start', readInboxStart)),
    readIf(needs('blacklist', 'blacklist'), () => partOf(source, 'blacklist start', readBlacklistStart)),
  ]);
  return { lists, campaigns, conversations, blacklist };
}

/** Whether a part of an index needs no request. */
export function isKnown({ cache, client }: IndexSource, part: string): boolean {
  return cache.get(client.fingerprint, part) !== undefined;
}

interface PlanScope {
  checks: readonly ContactCheck[];
  exceptCampaignId?: number | undefined;
  maxPeople?: number | undefined;
}

/** How many requests the people of an index need, and the lists whose members it needs. */
export function planFrom(
  { lists, campaigns, conversations, blacklist }: IndexStarts,
  source: IndexSource,
  scope: PlanScope,
): { plan: IndexPlan; needed: (List & { id: number })[] } {
  const allCampaigns = readValue(campaigns)?.rows ?? [];
  const needed = neededLists(readValue(lists)?.rows ?? [], allCampaigns, scope);
  const plan = planIndex(
    {
      lists: needed.map(
        ({ id, totalItemsCount }): ListSize => ({
          id,
          rows: totalItemsCount ?? 0,
          isKnown: isKnown(source, `list ${id}`),
        }),
      ),
      conversations: sizeOf(readValue(conversations)),
      senders: new Set(allCampaigns.flatMap(({ campaignAccountIds }) => campaignAccountIds ?? [])).size,
      blacklist: sizeOf(readValue(blacklist)),
    },
    scope.maxPeople ?? MAX_PEOPLE,
  );
  return { plan, needed };
}

/** Reads a part that is needed. A failure does not end the other reads. */
export function readIf<Value>(condition: boolean, read: () => Promise<Value>): Promise<Settled<Value> | undefined> {
  return condition ? settle(read()) : Promise.resolve(undefined);
}

/** The value of a part. undefined where it was not read or failed. */
export function readValue<Value>(part: Settled<Part<Value>> | undefined): Value | undefined {
  return part?.ok ? part.value.value : undefined;
}

function sizeOf(
  start: { totalCount?: number | null | undefined; items?: readonly unknown[] | null | undefined } | undefined,
): number {
  return start?.totalCount ?? start?.items?.length ?? 0;
}
