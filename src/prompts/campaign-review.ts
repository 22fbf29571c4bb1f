import { checkCampaignTool } from '../tools/workflows/check-campaign.ts';
import { getPerformance } from '../tools/workflows/get-performance.ts';
import { CAMPAIGN } from './arguments.ts';
import type { Prompt } from './types.ts';

export const campaignReview: Prompt = {
  name: 'campaign_review',
  title: 'Review a campaign',
  description: 'Reviews the numbers and texts of a campaign, and proposes changes.',
  arguments: [CAMPAIGN],
  requiredTools: ['get_performance', 'check_campaign'],
  callTools: ({ campaignId }, call) =>
    Promise.all([
      call(getPerformance, { campaignIds: [Number(campaignId)], period: 'last_30_days' }),
      call(checkCampaignTool, { campaignId: Number(campaignId) }),
    ]),
  write: ({ campaignId }) => [
    {
      requiresTools: ['get_performance', 'check_campaign'],
      text: `Review campaign ${campaignId}. The result of get_performance above has its numbers of the last 30 days and of the 30 days before. The result of check_campaign has its problems, and its texts as leads get them.`,
    },
    {
      text: 'Report how it performs. Give each rate with its two counts and with the rate before, and calculate nothing. Where note says that the numbers are small or young, draw no conclusion from the rates.',
    },
    {
      requiresTools: ['get_performance'],
      text: 'Compare it with the other campaigns with get_performance, without campaignIds.',
    },
    {
      requiresTools: ['list_leads_in_campaign'],
      text: `If leads have failed, find the reasons with list_leads_in_campaign (campaignId ${campaignId}).`,
    },
    {
      requiresTools: ['list_conversations'],
      text: `Read what people reply with list_conversations (campaignIds [${campaignId}]).`,
    },
    {
      text: 'Review the texts in renders: what they ask for, how long they are, and whether they suit these leads. Name the findings that concern texts, variables and waits.',
    },
    {
      text: 'End with at most five proposals, each with the number or text that supports it. A review changes nothing.',
    },
  ],
};
