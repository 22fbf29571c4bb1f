import { z } from 'zod';
import { campaignLead } from '../client/operations/campaigns.ts';
import { outsideText, text } from '../client/operations/fields.ts';
import { campaignLeadRow } from '../tools/campaigns/lead-row.ts';
import { ROWS_A_PAGE } from '../tools/read-rows.ts';
import { progressOf } from './campaigns.ts';
import { readById } from './owner.ts';
import { type Resource, restFields, restOf } from './resource.ts';

export const campaignLeads: Resource = {
  uri: 'heyreach://campaigns/{campaignId}/leads',
  tool: 'list_leads_in_campaign',
  name: 'campaign-leads',
  title: 'Leads of a campaign',
  description: 'The first people of a campaign: lead, connection and message status, sender, failure reason.',
  output: z.looseObject({
    campaignId: z.number(),
    name: text,
    status: text,
    progress: z.record(z.string(), z.number()).optional(),
    totalCount: z.union([z.number(), z.literal('unknown')]),
    note: z.string().optional(),
    returned: z.number(),
    leads: z.array(campaignLead.extend({ profileUrl: outsideText, name: outsideText })),
    ...restFields,
  }),
  async read({ campaignId: given }, context) {
    const campaignId = Number(given);
    const { client, call } = context;
    const [{ name, status, progressStats }, { items, totalCount }] = await readById(
      client.campaigns.getById({ campaignId }, call),
      client.campaigns.getLeads({ campaignId, offset: 0, limit: ROWS_A_PAGE }, call),
    );
    const leads = (items ?? []).map(campaignLeadRow);
    const progress = progressOf(progressStats);
    const isPartly = progress?.total !== undefined && totalCount != null && totalCount < progress.total;
    return {
      data: {
        campaignId,
        name,
        status,
        progress,
        totalCount: totalCount ?? 'unknown',
        ...(isPartly ? { note: 'Leads that have not begun are not among these: HeyReach shows them later.' } : {}),
        returned: leads.length,
        leads,
      },
      rows: {
        key: 'leads',
        goOn(kept) {
          const left = totalCount == null ? 'unknown' : Math.max(0, totalCount - kept);
          return restOf(context, left, 'list_leads_in_campaign', { campaignId, offset: kept, limit: ROWS_A_PAGE });
        },
      },
    };
  },
};
