import { campaign } from '../../client/operations/campaigns.ts';
import { defineTool } from '../define.ts';
import { id } from '../fields.ts';

export const getCampaign = defineTool({
  name: 'get_campaign',
  title: 'Get a campaign',
  description:
    'One campaign: status, senders, list, progress counts and exclusions. Its steps come from get_campaign_sequence; its schedule cannot be read.',
  toolset: 'campaigns',
  kind: 'read',
  repeat: 'safe',
  asks: 'no',
  input: { campaignId: id('Campaign id') },
  output: campaign,
  async run({ campaignId }, { client, call }) {
    return { data: await client.campaigns.getById({ campaignId }, call) };
  },
});
