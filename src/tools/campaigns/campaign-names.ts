import type { Campaign } from '../../client/operations/campaigns.ts';
import { unlessUnreadable } from '../decoration.ts';
import type { ToolContext } from '../define.ts';
import { SHOWN_ROWS } from '../preview.ts';
import { showCampaign } from './campaign-lines.ts';

const PAGE = 100;
const MOST_PAGES = 2;

/** What is known of campaigns that a preview only has to name. */
export interface CampaignNames {
  /** `"Founders" (campaign 1), IN_PROGRESS`, or what there is without a read. */
  lineOf(campaignId: number): string;
  /** Which of them the workspace surely does not have. */
  warnings: string[];
}

/** Names campaigns, some hundreds of the workspace's read at most; one that was not read keeps its id alone. */
export async function readCampaignNames(ids: readonly number[], context: ToolContext): Promise<CampaignNames> {
  const found = new Map<number, Campaign>();
  let isAll = false;
  for (let page = 0; page < MOST_PAGES && !isAll && ids.some((id) => !found.has(id)); page += 1) {
    const { client, call } = context;
    const read = await unlessUnreadable(client.campaigns.getAll({ offset: page * PAGE, limit: PAGE }, call));
    if (read?.items == null) break;
    for (const campaign of read.items) if (campaign.id != null) found.set(campaign.id, campaign);
    isAll = page * PAGE + read.items.length === read.totalCount;
  }
  const missing = isAll ? ids.filter((id) => !found.has(id)) : [];
  return {
    lineOf: (id) => (found.has(id) ? showCampaign(found.get(id)!, id).line : `campaign ${id}`),
    warnings:
      missing.length === 0
        ? []
        : [
            `Not among the workspace's campaigns, so HeyReach may refuse: campaign ${missing.slice(0, SHOWN_ROWS).join(', ')}.`,
          ],
  };
}
