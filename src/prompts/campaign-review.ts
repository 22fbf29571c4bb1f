import { CAMPAIGN, type Prompt } from './prompt.ts';

export const campaignReview: Prompt = {
  name: 'campaign_review',
  title: 'Review a campaign',
  description: 'Says how a campaign goes by its numbers and its texts, and proposes what to change.',
  arguments: [CAMPAIGN],
  needs: ['get_campaign'],
  enclose: ({ campaignId }) => [
    { uri: `heyreach://campaigns/${campaignId}`, maxBytes: 8_000 },
    { uri: `heyreach://campaigns/${campaignId}/sequence`, maxBytes: 48_000 },
    { uri: `heyreach://campaigns/${campaignId}/stats`, maxBytes: 20_000 },
  ],
  write: ({ campaignId }) => [
    {
      says: `Review campaign ${campaignId} by its state, its sequence and its statistics of the last 30 days, which stand above.`,
    },
    {
      says: 'Say how it goes: leads under way, finished and failed; connection requests sent and accepted; messages and replies. Give every rate with the two numbers it is made of, and say so where they are too small to tell anything.',
    },
    {
      uses: ['list_leads_in_campaign'],
      says: `Where leads have failed, see why with list_leads_in_campaign (campaignId ${campaignId}).`,
    },
    {
      uses: ['get_stats_by_campaign'],
      says: 'Compare it with the other campaigns of the same days by get_stats_by_campaign.',
    },
    {
      uses: ['list_conversations'],
      says: `See what people answer with list_conversations (campaignIds [${campaignId}]).`,
    },
    {
      says: 'Look at the texts: what they ask for, how long they are, which variables they use and what is sent without them, and how long each step waits.',
    },
    {
      says: 'End with at most five proposals, each with the number or the text that it rests on. A review changes nothing.',
    },
  ],
};
