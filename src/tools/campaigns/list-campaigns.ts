import { z } from 'zod';
import { CAMPAIGN_STATUSES, campaign } from '../../client/operations/campaigns.ts';
import { defineTool } from '../define.ts';
import { detail, ids, paging, text } from '../fields.ts';
import { pageAnswer, pageOutput } from '../page.ts';
import { campaignRow } from './campaign-row.ts';

export const listCampaigns = defineTool({
  name: 'list_campaigns',
  title: 'List campaigns',
  description:
    'Lists campaigns with status, senders, list and progress counts. Use get_campaign for one known id, list_campaigns_for_lead for the campaigns of a person.',
  toolset: 'campaigns',
  kind: 'read',
  repeat: 'safe',
  asks: 'no',
  input: {
    keyword: text('Part of the campaign name').optional(),
    statuses: z.array(z.enum(CAMPAIGN_STATUSES)).max(8).describe('Only these statuses').optional(),
    accountIds: ids('Only campaigns of these senders').optional(),
    ...paging(),
    ...detail,
  },
  output: pageOutput(campaign),
  async run(input, { client, call, full }) {
    const { keyword, statuses, accountIds, offset, limit } = input;
    const page = await client.campaigns.getAll({ keyword, statuses, accountIds, offset, limit }, call);
    return pageAnswer(page, offset, full ? undefined : campaignRow);
  },
});
