import { campaign } from '../../client/operations/campaigns.ts';
import { id } from '../../mcp/arguments/fields.ts';
import { defineTool } from '../../mcp/tool.ts';

export const getCampaign = defineTool({
  name: 'get_campaign',
  title: 'Get a campaign',
  description:
    'Returns one campaign: status, senders, list, progress counts and exclusions. Use get_campaign_sequence for its steps. HeyReach does not return the schedule.',
  toolset: 'campaigns',
  risk: 'read',
  retry: 'safe',
  confirmation: 'never',
  input: () => ({ campaignId: id('Campaign id') }),
  output: campaign,
  async run({ campaignId }, { client, call }) {
    return { data: await client.campaigns.getById({ campaignId }, call) };
  },
});
