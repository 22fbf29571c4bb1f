import { type HeyReachClient, HeyReachError } from '../../client/index.ts';
import { CAMPAIGN_STATUSES, type Campaign } from '../../client/operations/campaigns.ts';
import { isRunning } from '../campaigns/running.ts';
import type { ToolContext } from '../define.ts';
import { counted, inline } from '../preview.ts';

/** Campaigns of a list that are read one by one. */
const MOST_READ = 10;
const PAGE = 100;

type List = Awaited<ReturnType<HeyReachClient['lists']['getById']>>;

/** A list, and the campaigns that take their people from it. */
export interface Feeds {
  list: List;
  campaigns: Campaign[];
  /** Those that run or are about to, and those of which HeyReach does not say so. */
  running: Campaign[];
  /** Further campaigns, which were not read and have to be taken for running. */
  unread: number;
}

/** Reads a list and its campaigns: those that it names, and running ones that name it. */
export async function readFeeds(listId: number, { client, call }: ToolContext): Promise<Feeds> {
  const statuses = CAMPAIGN_STATUSES.filter((status) => isRunning({ status }));
  const [list, page] = await Promise.all([
    client.lists.getById({ listId }, call),
    client.campaigns.getAll({ statuses, offset: 0, limit: PAGE }, call),
  ]);
  const named = new Set(list.campaignIds);
  const known = (page.items ?? []).filter(
    ({ id, linkedInUserListId }) => linkedInUserListId === listId || (id != null && named.has(id)),
  );
  const others = [...named].filter((id) => known.every((campaign) => campaign.id !== id));
  const read = await Promise.all(
    others.slice(0, MOST_READ).map((campaignId) => unlessGone(client.campaigns.getById({ campaignId }, call))),
  );
  const campaigns = [...known, ...read.filter((campaign) => campaign !== undefined)];
  const running = campaigns.filter((campaign) => campaign.status == null || isRunning(campaign));
  // Where HeyReach does not name a list's campaigns, any running one that was not listed may be among them.
  const unlisted = list.campaignIds == null ? Math.max(0, (page.totalCount ?? 0) - (page.items ?? []).length) : 0;
  return { list, campaigns, running, unread: others.length - read.length + unlisted };
}

/** A campaign that is there no more, but still named by its list, contacts nobody. */
async function unlessGone(read: Promise<Campaign>): Promise<Campaign | undefined> {
  try {
    return await read;
  } catch (error) {
    if (error instanceof HeyReachError && error.kind === 'not_found') return undefined;
    throw error;
  }
}

/** How previews name a list. */
export function showList(list: List, listId: number) {
  const name = inline(list.name);
  const title = name === '' ? `list ${listId}` : `"${name}"`;
  const size = list.totalItemsCount == null ? 'size unknown' : counted(list.totalItemsCount, 'entry', 'entries');
  return {
    title,
    line: `List: ${name === '' ? title : `${title} (list ${listId})`}, ${size}`,
    facts: { listId, name, totalItemsCount: list.totalItemsCount ?? null },
  };
}

/** What is to be said of campaigns that were not read. */
export function unreadLines({ unread }: Feeds): string[] {
  return unread === 0 ? [] : [`And ${counted(unread, 'more campaign')}, taken for running since not all were read`];
}

/** The part of a list's campaigns that has to be so still when the list is changed. */
export function bindsOf(campaigns: readonly Campaign[], unread: number): unknown {
  const states = campaigns.map(({ id, status }) => [id ?? 0, status] as const);
  return { campaigns: states.toSorted(([a], [b]) => a - b), unread };
}
