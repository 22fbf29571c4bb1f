import { campaignLeads } from './campaign-leads.ts';
import { campaignStats } from './campaign-stats.ts';
import { campaignIndex, oneCampaign } from './campaigns.ts';
import { conversationIndex, oneConversation } from './conversations.ts';
import { sequencesGuide } from './guides/sequences.ts';
import { statusesGuide } from './guides/statuses.ts';
import { webhooksGuide } from './guides/webhooks.ts';
import { oneLead } from './lead.ts';
import { accountIndex } from './linkedin-accounts.ts';
import { listIndex, oneList } from './lists.ts';
import type { Guide, Resource } from './resource.ts';
import { campaignSequence } from './sequence.ts';

/** All resources of a workspace, in the order of their listing; those with variables in their URI are templates. */
export const resources: readonly Resource[] = [
  campaignIndex,
  oneCampaign,
  campaignSequence,
  campaignLeads,
  campaignStats,
  conversationIndex,
  oneConversation,
  accountIndex,
  listIndex,
  oneList,
  oneLead,
];

/** The texts that come with this program. */
export const guides: readonly Guide[] = [sequencesGuide, statusesGuide, webhooksGuide];
