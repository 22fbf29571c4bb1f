import { readAllPages } from '../../../lib/read-pages.ts';
import { linesIf, SHOWN_ROWS } from '../../../lib/text-format.ts';
import { optionalRead } from '../../../mcp/reads.ts';
import type { ToolContext } from '../../../mcp/tool.ts';
import { showCampaign } from '../../../views/campaign.ts';

const MAX_PAGES = 2;

/** The names of campaigns for a preview. */
export interface CampaignNames {
  /** `"Founders" (campaign 1), IN_PROGRESS`, or the id alone if the campaign was not read. */
  lineOf(campaignId: number): string;
  /** Which campaigns the workspace does not have. */
  warnings: string[];
}

/** Reads the names of campaigns from the first pages of the workspace's campaigns. */
export async function readCampaignNames(ids: readonly number[], context: ToolContext): Promise<CampaignNames> {
  if (ids.length === 0) return { lineOf: (id) => `campaign ${id}`, warnings: [] };
  const { client, call } = context;
  const { rows, isAll } = await readAllPages((page) => optionalRead(client.campaigns.getAll(page, call)), {
    maxPages: MAX_PAGES,
    isEnough: (read) => ids.every((id) => read.some((campaign) => campaign.id === id)),
  });
  const campaigns = new Map(rows.map((campaign) => [campaign.id, campaign]));
  const missing = isAll ? ids.filter((id) => !campaigns.has(id)) : [];
  return {
    lineOf: (id) => (campaigns.has(id) ? showCampaign(campaigns.get(id)!, id).line : `campaign ${id}`),
    warnings: linesIf(
      missing.length > 0,
      `Not a campaign of the workspace, so HeyReach may reject the call: campaign ${missing.slice(0, SHOWN_ROWS).join(', ')}.`,
    ),
  };
}
