import * as z from 'zod';
import { campaignLead, LEAD_TIME_FILTERS } from '../../client/operations/campaigns.ts';
import { outsideText } from '../../client/operations/fields.ts';
import { lazy } from '../../lib/lazy.ts';
import { checkRange } from '../../mcp/arguments/date-range.ts';
import { date, detail, endOfDate, id, paging, startOfDate } from '../../mcp/arguments/fields.ts';
import { pageOutput, pageResult } from '../../mcp/results/page.ts';
import { defineTool } from '../../mcp/tool.ts';
import { campaignLeadRow } from '../../views/campaign.ts';
import { keepFieldTypes } from '../shared/keep-field-types.ts';

const row = lazy(() => campaignLead().extend({ profileUrl: outsideText, name: outsideText }));

const BY_STATUS = 'HeyReach has no filter by status; read the rows and compare leadCampaignStatus';
const NO_STATUS_FILTER = {
  status: BY_STATUS,
  statuses: BY_STATUS,
  leadStatus: BY_STATUS,
  leadCampaignStatus: BY_STATUS,
  keyword: 'HeyReach has no search here; list_campaigns_for_lead finds one person',
};

export const listLeadsInCampaign = defineTool({
  name: 'list_leads_in_campaign',
  title: 'List leads in a campaign',
  description:
    'Lists the leads of a campaign with lead, connection and message status, sender and failure reason. Leads that have not started are missing, so totalCount can be below the campaign totals.',
  toolset: 'campaigns',
  risk: 'read',
  retry: 'safe',
  confirmation: 'never',
  input: () => ({
    campaignId: id('Campaign id'),
    timeFrom: date('Start of the range').optional(),
    timeTo: date('End of the range').optional(),
    timeFilter: z.enum(LEAD_TIME_FILTERS).describe('Time that the range applies to; default Everywhere').optional(),
    ...paging(),
    ...detail(),
  }),
  check: ({ timeFrom, timeTo }) => checkRange({ timeFrom, timeTo }),
  missingParameters: NO_STATUS_FILTER,
  output: () => pageOutput(row()),
  async run({ campaignId, timeFrom, timeTo, timeFilter, offset, limit }, { client, call, full }) {
    const page = await client.campaigns.getLeads(
      {
        campaignId,
        timeFrom: timeFrom === undefined ? undefined : startOfDate(timeFrom),
        timeTo: timeTo === undefined ? undefined : endOfDate(timeTo),
        timeFilter,
        offset,
        limit,
      },
      call,
    );
    return pageResult(page, offset, (lead) => keepFieldTypes(row(), full ? lead : campaignLeadRow(lead), call));
  },
});
