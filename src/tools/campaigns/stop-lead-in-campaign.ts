import * as z from 'zod';
import { id, profileUrl, textId } from '../../mcp/arguments/fields.ts';
import { optionalRead } from '../../mcp/reads.ts';
import { defineTool, type ToolContext } from '../../mcp/tool.ts';

const STOPPED_STATUSES = new Set(['Finished', 'Failed', 'Excluded']);
/** Statuses in which the campaign goes on. */
const RUNNING_STATUSES = new Set(['Pending', 'InSequence', 'PendingOrExcludedToBeCalculated']);

export const stopLeadInCampaign = defineTool({
  name: 'stop_lead_in_campaign',
  title: 'Stop a lead in a campaign',
  description:
    'Stops one lead in one campaign for good: no further step of the campaign reaches them. Use add_leads_to_blacklist to exclude a person from every campaign.',
  toolset: 'campaigns',
  risk: 'stop',
  retry: 'idempotent',
  confirmation: 'never',
  input: () => ({
    campaignId: id('Campaign id'),
    leadUrl: profileUrl("The lead's profile URL; this or leadMemberId").optional(),
    leadMemberId: textId('LinkedIn member id (linkedin_id)', 60).optional(),
  }),
  check: ({ leadUrl, leadMemberId }) =>
    leadUrl === undefined && leadMemberId === undefined ? 'leadUrl or leadMemberId is required' : undefined,
  output: () => z.looseObject({ campaignId: z.number(), stopped: z.boolean(), note: z.string().optional() }),
  async verifyAfterRetry({ campaignId, leadUrl, leadMemberId }, { client, call }) {
    const status = await readLeadStatus({ campaignId, leadUrl, leadMemberId }, { client, call });
    if (!STOPPED_STATUSES.has(status)) return undefined;
    return { data: { campaignId, stopped: true, note: `The status of the lead in this campaign is ${status}.` } };
  },
  nextStep: (error) =>
    error.status === 400 || error.status === 404
      ? 'Check with list_campaigns_for_lead whether the person is in this campaign.'
      : undefined,
  async run({ campaignId, leadUrl, leadMemberId }, context) {
    const { client, call } = context;
    await client.campaigns.stopLead({ campaignId, leadUrl, leadMemberId }, call);
    const status = await optionalRead(readLeadStatus({ campaignId, leadUrl, leadMemberId }, context));
    if (!RUNNING_STATUSES.has(status ?? '')) return { data: { campaignId, stopped: true } };
    const note = `HeyReach accepted the stop, but the status of the lead is ${status}. The campaign may go on contacting the person. Check it with list_campaigns_for_lead, and call again if it stays.`;
    return { data: { campaignId, stopped: false, note } };
  },
});

interface LeadInCampaign {
  campaignId: number;
  leadUrl?: string | undefined;
  leadMemberId?: string | undefined;
}

/** The status of a lead in a campaign. Empty where HeyReach does not return it. */
async function readLeadStatus(
  { campaignId, leadUrl, leadMemberId }: LeadInCampaign,
  { client, call }: Pick<ToolContext, 'client' | 'call'>,
): Promise<string> {
  const identity = leadUrl === undefined ? { linkedinId: leadMemberId } : { profileUrl: leadUrl };
  const page = await client.campaigns.getForLead({ ...identity, offset: 0, limit: 100 }, call);
  return page.items?.find((item) => item.campaignId === campaignId)?.leadStatus ?? '';
}
