import * as z from 'zod';
import { campaignLead } from '../client/operations/campaigns.ts';
import { outsideText, text } from '../client/operations/fields.ts';
import { lazy } from '../lib/lazy.ts';
import { ROWS_PER_PAGE } from '../lib/read-pages.ts';
import { campaignLeadRow } from '../views/campaign.ts';
import { progressOf } from './campaigns.ts';
import { readById } from './shared/read-by-id.ts';
import { type Resource, restFields, restOf } from './shared/types.ts';

export const campaignLeads: Resource = {
  uri: 'heyreach://campaigns/{campaignId}/leads',
  tool: 'list_leads_in_campaign',
  name: 'campaign-leads',
  title: 'Leads of a campaign',
  description: 'The first leads of a campaign: lead, connection and message status, sender, failure reason.',
  output: lazy(() =>
    z.looseObject({
      campaignId: z.number(),
      name: text,
      status: text,
      progress: z.record(z.string(), z.number()).optional(),
      totalCount: z.union([z.number(), z.literal('unknown')]),
      note: z.string().optional(),
      returned: z.number(),
      leads: z.array(campaignLead().extend({ profileUrl: outsideText, name: outsideText })),
      ...restFields(),
    }),
  ),
  async read(values, context) {
    const campaignId = Number(values.campaignId);
    const { client, call } = context;
    const [{ name, status, progressStats }, { items, totalCount }] = await readById(
      client.campaigns.getById({ campaignId }, call),
      client.campaigns.getLeads({ campaignId, offset: 0, limit: ROWS_PER_PAGE }, call),
    );
    const leads = (items ?? []).map(campaignLeadRow);
    const progress = progressOf(progressStats);
    const isPartial = progress?.total !== undefined && totalCount != null && totalCount < progress.total;
    return {
      data: {
        campaignId,
        name,
        status,
        progress,
        totalCount: totalCount ?? 'unknown',
        ...(isPartial ? { note: 'Leads that have not begun are not listed yet: HeyReach shows them later.' } : {}),
        returned: leads.length,
        leads,
      },
      rows: {
        key: 'leads',
        continuation(returned) {
          const left = totalCount == null ? 'unknown' : Math.max(0, totalCount - returned);
          return restOf(context, left, 'list_leads_in_campaign', {
            campaignId,
            offset: returned,
            limit: ROWS_PER_PAGE,
          });
        },
      },
    };
  },
};
