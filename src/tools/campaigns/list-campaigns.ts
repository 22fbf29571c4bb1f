import * as z from 'zod';
import { CAMPAIGN_STATUSES, campaign } from '../../client/operations/campaigns.ts';
import { detail, ids, list, paging, text } from '../../mcp/arguments/fields.ts';
import { pageOutput, pageResult } from '../../mcp/results/page.ts';
import { defineTool } from '../../mcp/tool.ts';
import { campaignRow } from '../../views/campaign.ts';
import { assertListed } from '../../workflows/shared/filter-ids.ts';

export const listCampaigns = defineTool({
  name: 'list_campaigns',
  title: 'List campaigns',
  description:
    'Lists campaigns with status, senders, list and progress counts. Use get_campaign for one id, list_campaigns_for_lead for the campaigns of a person.',
  toolset: 'campaigns',
  risk: 'read',
  retry: 'safe',
  confirmation: 'never',
  input: () => ({
    keyword: text('Part of the campaign name').optional(),
    statuses: list(z.enum(CAMPAIGN_STATUSES), 'Only these statuses', { max: 8 }).optional(),
    accountIds: ids('Only campaigns of these senders').optional(),
    ...paging(),
    ...detail(),
  }),
  output: () => pageOutput(campaign()),
  async run(input, context) {
    const { client, call, full } = context;
    const { keyword, statuses, accountIds, offset, limit } = input;
    const page = await client.campaigns.getAll({ keyword, statuses, accountIds, offset, limit }, call);
    if (offset === 0 && !page.items?.length) await assertListed({ linkedInAccountIds: accountIds }, context);
    return pageResult(page, offset, full ? undefined : campaignRow);
  },
});
