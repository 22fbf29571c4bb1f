import { unlessUnreadable } from '../decoration.ts';
import type { ToolContext } from '../define.ts';
import { SHOWN_ROWS } from '../preview.ts';
import { readRows } from '../read-rows.ts';
import { showCampaign } from './campaign-lines.ts';

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
  if (ids.length === 0) return { lineOf: (id) => `campaign ${id}`, warnings: [] };
  const { client, call } = context;
  const { rows, isAll } = await readRows((page) => unlessUnreadable(client.campaigns.getAll(page, call)), {
    mostPages: MOST_PAGES,
    isEnough: (read) => ids.every((id) => read.some((campaign) => campaign.id === id)),
  });
  const found = new Map(rows.map((campaign) => [campaign.id, campaign]));
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
