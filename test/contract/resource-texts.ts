import {
  campaign,
  company,
  conversation,
  type FieldOrigins,
  lead,
  leadInCampaign,
  list,
  period,
  person,
  sender,
  sequence,
  within,
} from './outside-text.ts';

const rest: FieldOrigins = { 'rest.tool': 'own', 'rest.arguments.*': 'own' };
const ofCampaign: FieldOrigins = { name: 'own', status: 'own' };
const ofConversation: FieldOrigins = { ...conversation, sender: 'own', waitingSince: 'own' };

/** By the URI of the resource, or of its template. */
export const resourceTexts: Record<string, FieldOrigins> = {
  'heyreach://campaigns': { ...within('campaigns[].', campaign), ...rest },
  'heyreach://campaigns/{campaignId}': campaign,
  'heyreach://campaigns/{campaignId}/sequence': {
    ...ofCampaign,
    ...within('sequence.', sequence),
    'outline[].node': 'own',
    'outline[].nodeType': 'own',
    note: 'own',
    ...rest,
  },
  'heyreach://campaigns/{campaignId}/leads': {
    ...ofCampaign,
    ...within('leads[].', { ...leadInCampaign, profileUrl: 'outside', name: 'outside' }),
    note: 'own',
    ...rest,
  },
  'heyreach://campaigns/{campaignId}/stats': { ...ofCampaign, ...period, 'byDay[].day': 'own' },
  'heyreach://conversations': { ...within('conversations[].', ofConversation), ...rest },
  'heyreach://conversations/{accountId}/{conversationId}': { ...ofConversation, ...rest },
  'heyreach://linkedin-accounts': { ...within('linkedInAccounts[].', sender), ...rest },
  'heyreach://lists': { ...within('lists[].', list), ...rest },
  'heyreach://lists/{listId}': {
    ...list,
    ...within('members[].', { ...person, ...company }),
    'notReadable.members': 'outside',
    ...rest,
  },
  'heyreach://leads/{slug}': {
    ...within('profile.', lead),
    'tags[]': 'own',
    'campaigns.items[].campaignName': 'own',
    'campaigns.items[].campaignStatus': 'own',
    'campaigns.items[].leadStatus': 'own',
    'campaigns.items[].creationTime': 'own',
    ...within('campaigns.', rest),
    'lists.items[].listName': 'own',
    ...within('lists.', rest),
    'notReadable.*': 'outside',
    'education[]': 'outside',
    'experiences[]': 'outside',
    ...rest,
  },
};
