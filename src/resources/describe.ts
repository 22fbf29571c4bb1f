import type { Campaign } from '../client/operations/campaigns.ts';
import type { Conversation } from '../client/operations/inbox.ts';
import { conversationRow } from '../tools/inbox/conversation-row.ts';
import { fillTemplate } from './uri.ts';

/** How a resource stands in a listing. */
export interface Description {
  uri: string;
  name: string;
  title?: string;
  description: string;
}

/** @returns undefined for a row without an id, which nothing could be read by. */
export function describeCampaign({ id, name, status, progressStats }: Campaign): Description | undefined {
  if (id == null) return undefined;
  const { totalUsers = 0, totalUsersFinished = 0 } = progressStats ?? {};
  return {
    uri: fillTemplate('heyreach://campaigns/{campaignId}', { campaignId: id }),
    name: name || `Campaign ${id}`,
    description: `Campaign ${id}, ${status ?? 'of unknown status'}: ${totalUsersFinished} of ${totalUsers} leads finished.`,
  };
}

/** @returns undefined for a row without the two ids that make its URI. */
export function describeConversation(conversation: Conversation): Description | undefined {
  const { id, linkedInAccountId, linkedInAccount, lastMessageAt, lastMessageSender } = conversation;
  if (!id || linkedInAccountId == null) return undefined;
  const { name, company } = conversationRow(conversation, 0);
  const sender = [linkedInAccount?.firstName, linkedInAccount?.lastName].filter(Boolean).join(' ') || linkedInAccountId;
  const last = lastMessageSender === 'ME' ? 'we wrote last' : 'they wrote last';
  return {
    uri: fillTemplate('heyreach://conversations/{accountId}/{conversationId}', {
      accountId: linkedInAccountId,
      conversationId: id,
    }),
    name: `${name || 'Somebody'}${company ? ` (${company})` : ''}`,
    description: `Conversation of ${sender} on LinkedIn; ${last}, ${(lastMessageAt ?? '').slice(0, 16).replace('T', ' ')}.`,
  };
}
