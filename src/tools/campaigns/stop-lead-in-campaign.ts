import { z } from 'zod';
import { defineTool } from '../define.ts';
import { id, profileUrl, text } from '../fields.ts';

const STOPPED = new Set(['Finished', 'Failed', 'Excluded']);

export const stopLeadInCampaign = defineTool({
  name: 'stop_lead_in_campaign',
  title: 'Stop a lead in a campaign',
  description:
    'Stops one person in one campaign: no further step reaches them there. It cannot be undone. To keep somebody out of every campaign use add_leads_to_blacklist.',
  toolset: 'campaigns',
  kind: 'stop',
  repeat: 'same',
  asks: 'no',
  input: {
    campaignId: id('Campaign id'),
    leadUrl: profileUrl("The person's profile URL; this or leadMemberId").optional(),
    leadMemberId: text('Their LinkedIn member id (linkedin_id)', 60).optional(),
  },
  check: ({ leadUrl, leadMemberId }) =>
    leadUrl === undefined && leadMemberId === undefined ? 'leadUrl or leadMemberId is required' : undefined,
  output: z.looseObject({ campaignId: z.number(), stopped: z.boolean(), note: z.string().optional() }),
  async readBack({ campaignId, leadUrl, leadMemberId }, { client, call }) {
    const who = leadUrl === undefined ? { linkedinId: leadMemberId } : { profileUrl: leadUrl };
    const found = await client.campaigns.getForLead({ ...who, offset: 0, limit: 100 }, call);
    const status = found.items?.find((item) => item.campaignId === campaignId)?.leadStatus ?? '';
    if (!STOPPED.has(status)) return undefined;
    return { data: { campaignId, stopped: true, note: `The lead reads ${status} in this campaign.` } };
  },
  nextStep: (error) =>
    error.status === 400 || error.status === 404
      ? 'See with list_campaigns_for_lead whether the person is in this campaign.'
      : undefined,
  async run({ campaignId, leadUrl, leadMemberId }, { client, call }) {
    await client.campaigns.stopLead({ campaignId, leadUrl, leadMemberId }, call);
    return { data: { campaignId, stopped: true } };
  },
});
