import { campaignLeads } from './campaign-leads.ts';
import { campaignSequence } from './campaign-sequence.ts';
import { campaignStats } from './campaign-stats.ts';
import { campaignResource, campaignsResource } from './campaigns.ts';
import { conversationResource, conversationsResource } from './conversations.ts';
import { sequencesGuide } from './guides/sequences.ts';
import { statusesGuide } from './guides/statuses.ts';
import { webhooksGuide } from './guides/webhooks.ts';
import { leadResource } from './leads.ts';
import { linkedInAccountsResource } from './linkedin-accounts.ts';
import { listResource, listsResource } from './lists.ts';
import type { Guide, Resource } from './shared/types.ts';

/** All resources of a workspace, in the order of `resources/list`. A URI with variables is a resource template. */
export const resources: readonly Resource[] = [
  campaignsResource,
  campaignResource,
  campaignSequence,
  campaignLeads,
  campaignStats,
  conversationsResource,
  conversationResource,
  linkedInAccountsResource,
  listsResource,
  listResource,
  leadResource,
];

/** The texts that are part of this program. */
export const guides: readonly Guide[] = [sequencesGuide, statusesGuide, webhooksGuide];
