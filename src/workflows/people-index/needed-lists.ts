import type { Campaign } from '../../client/operations/campaigns.ts';
import { isRunning } from '../leads/campaign-reach.ts';
import { hasLeads } from './plan.ts';
import type { List } from './workspace.ts';

/** Whether the leads of a campaign are members of a list. */
export function feeds(list: List, { id, linkedInUserListId }: Campaign): boolean {
  return linkedInUserListId === list.id || (id != null && list.campaignIds?.includes(id) === true);
}

/** The lists whose members an index needs, those that feed running campaigns first. */
export function neededLists(
  lists: readonly List[],
  campaigns: readonly Campaign[],
  { checks, exceptCampaignId }: { checks: readonly string[]; exceptCampaignId?: number | undefined },
): (List & { id: number })[] {
  const others = campaigns.filter((campaign) => campaign.id !== exceptCampaignId && hasLeads(campaign));
  const ranked: (List & { id: number })[][] = [[], [], []];
  for (const list of lists) {
    if (list.id == null) continue;
    const fed = others.filter((campaign) => feeds(list, campaign));
    const rank = fed.some(isRunning) ? 0 : fed.length > 0 ? 1 : 2;
    if (rank < 2 || checks.includes('lists')) ranked[rank]!.push({ ...list, id: list.id });
  }
  return ranked.flat();
}
