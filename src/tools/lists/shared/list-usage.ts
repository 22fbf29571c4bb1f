import { type HeyReachClient, HeyReachError, saysNotFound } from '../../../client/index.ts';
import { CAMPAIGN_STATUSES, type Campaign } from '../../../client/operations/campaigns.ts';
import { quoteName, showConstant } from '../../../lib/outside-text.ts';
import { countNoun, inline } from '../../../lib/text-format.ts';
import type { ToolContext } from '../../../mcp/tool.ts';
import { isRunning } from '../../campaigns/shared/campaign-status.ts';
import { knownRejection } from '../../shared/known-rejection.ts';

/** Maximum number of campaigns that are read one by one. */
const MAX_READS = 10;
const PAGE = 100;

type List = Awaited<ReturnType<HeyReachClient['lists']['getById']>>;

/** A list and the campaigns that use it. */
export interface ListUsage {
  list: List;
  campaigns: Campaign[];
  /** Campaigns that run or are about to run, and campaigns without a status. */
  running: Campaign[];
  /** Number of campaigns that were not read and may be running. */
  unread: number;
  /** The running campaigns of the workspace, on any list. undefined where there are more than were read. */
  allRunning?: Campaign[] | undefined;
}

/** Reads a list, the campaigns it names, and the running campaigns that name it. */
export async function readListUsage(listId: number, { client, call }: ToolContext): Promise<ListUsage> {
  const statuses = CAMPAIGN_STATUSES.filter((status) => isRunning({ status }));
  const [list, page] = await Promise.all([
    client.lists.getById({ listId }, call),
    client.campaigns.getAll({ statuses, offset: 0, limit: PAGE }, call),
  ]);
  const named = new Set(list.campaignIds);
  const known = (page.items ?? []).filter(
    ({ id, linkedInUserListId }) => linkedInUserListId === listId || (id != null && named.has(id)),
  );
  const unseen = [...named].filter((id) => known.every((campaign) => campaign.id !== id));
  const read = await Promise.all(
    unseen.slice(0, MAX_READS).map((campaignId) => unlessGone(client.campaigns.getById({ campaignId }, call))),
  );
  const campaigns = [...known, ...read.filter((campaign) => campaign !== undefined)];
  const running = campaigns.filter((campaign) => campaign.status == null || isRunning(campaign));
  // When HeyReach does not name the campaigns of a list, any running campaign beyond the page may use it.
  const allRunning = page.items != null && page.items.length >= (page.totalCount ?? 0) ? page.items : undefined;
  const unlisted = list.campaignIds == null ? Math.max(0, (page.totalCount ?? 0) - (page.items ?? []).length) : 0;
  return { list, campaigns, running, unread: unseen.length - read.length + unlisted, allRunning };
}

/**
 * undefined for a campaign of which HeyReach says that it no longer exists: it contacts no one, even if its list still names
 * it.
 */
async function unlessGone(read: Promise<Campaign>): Promise<Campaign | undefined> {
  try {
    return await read;
  } catch (error) {
    if (error instanceof HeyReachError && saysNotFound(error)) return undefined;
    throw error;
  }
}

/** A list as previews show it. */
export function showList(list: List, listId: number) {
  const name = quoteName(list.name);
  const title = name === '' ? `list ${listId}` : name;
  const size = list.totalItemsCount == null ? 'size unknown' : countNoun(list.totalItemsCount, 'entry', 'entries');
  return {
    title,
    line: `List: ${name === '' ? title : `${title} (list ${listId})`}, ${size}`,
    facts: { listId, name: inline(list.name), totalItemsCount: list.totalItemsCount ?? null },
  };
}

/** @throws HeyReachError `not_sent` for a list that cannot hold people. An unknown type is left to HeyReach. */
export function assertUserList(list: List | undefined): void {
  if (list?.listType == null || list.listType === 'USER_LIST') return;
  throw knownRejection(
    `The list is of type ${showConstant(list.listType)}. Only a list of type USER_LIST holds people`,
    'Find one with list_lists, or create one with create_list.',
  );
}

/** The preview line about campaigns that were not read. */
export function unreadLines({ unread }: ListUsage): string[] {
  return unread === 0 ? [] : [`And ${countNoun(unread, 'more campaign')}, not read and assumed to be running`];
}

/** The campaign states that must not change between preview and call. */
export function boundStateOf(campaigns: readonly Campaign[], unread: number): unknown {
  const states = campaigns.map(({ id, status }) => [id ?? 0, status] as const);
  return { campaigns: states.toSorted(([a], [b]) => a - b), unread };
}
