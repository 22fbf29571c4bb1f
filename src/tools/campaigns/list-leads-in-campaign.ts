import { z } from 'zod';
import { campaignLead, LEAD_TIME_FILTERS } from '../../client/operations/campaigns.ts';
import { outsideText } from '../../client/operations/fields.ts';
import { defineTool } from '../define.ts';
import { date, detail, endOf, id, paging, startOf } from '../fields.ts';
import { pageAnswer, pageOutput } from '../page.ts';
import { campaignLeadRow } from './lead-row.ts';

export const listLeadsInCampaign = defineTool({
  name: 'list_leads_in_campaign',
  title: 'List leads in a campaign',
  description:
    'People in a campaign with their progress: lead, connection and message status, sender, failure reason. Leads that have not begun are missing here, so totalCount can be below the campaign totals.',
  toolset: 'campaigns',
  kind: 'read',
  repeat: 'safe',
  asks: 'no',
  input: {
    campaignId: id('Campaign id'),
    timeFrom: date('From, by timeFilter').optional(),
    timeTo: date('To, by timeFilter').optional(),
    timeFilter: z.enum(LEAD_TIME_FILTERS).describe('Which time the bounds mean; default Everywhere').optional(),
    ...paging(),
    ...detail,
  },
  output: pageOutput(campaignLead.extend({ profileUrl: outsideText, name: outsideText })),
  async run({ campaignId, timeFrom, timeTo, timeFilter, offset, limit }, { client, call, full }) {
    const page = await client.campaigns.getLeads(
      {
        campaignId,
        timeFrom: timeFrom === undefined ? undefined : startOf(timeFrom),
        timeTo: timeTo === undefined ? undefined : endOf(timeTo),
        timeFilter,
        offset,
        limit,
      },
      call,
    );
    return pageAnswer(page, offset, full ? undefined : campaignLeadRow);
  },
});
