import type { Campaign } from '../../client/operations/campaigns.ts';
import type { Conversation } from '../../client/operations/inbox.ts';
import { countNoun, inline } from '../../lib/text-format.ts';
import { conversationRow } from '../../views/conversation-row.ts';
import { senderLabel } from '../../views/people.ts';
import { progressOf } from '../campaigns.ts';
import { moment } from '../shared/markdown.ts';
import { fillTemplate, isValue } from '../shared/uri-template.ts';

const LAST_AUTHOR = new Map<unknown, string>([
  ['ME', 'we wrote last'],
  ['CORRESPONDENT', 'they wrote last'],
]);

/** An entry of `resources/list`. Its texts are short lines without hidden characters. */
export interface ListEntry {
  uri: string;
  name: string;
  description: string;
  mimeType: string;
}

/** @returns undefined for a campaign without a valid id. */
export function toCampaignEntry({ id, name, status, progressStats }: Campaign): ListEntry | undefined {
  if (id == null || !isValue('campaignId', String(id))) return undefined;
  const progress = progressOf(progressStats);
  const { total = 0, finished = 0 } = progress ?? {};
  const leads =
    progress === undefined ? '' : total > 0 ? `: ${finished} of ${countNoun(total, 'lead')} finished` : ': no leads';
  return {
    uri: fillTemplate('heyreach://campaigns/{campaignId}', { campaignId: id }),
    name: inline(name) || `Campaign ${id}`,
    description: `Campaign ${id}, ${inline(status) || 'of unknown status'}${leads}.`,
    mimeType: 'application/json',
  };
}

/** @returns undefined for a conversation without its two valid ids. */
export function toConversationEntry(conversation: Conversation): ListEntry | undefined {
  const { id, linkedInAccountId, linkedInAccount, lastMessageAt, lastMessageSender } = conversation;
  if (id == null || linkedInAccountId == null) return undefined;
  if (!isValue('conversationId', id) || !isValue('accountId', String(linkedInAccountId))) return undefined;
  const { name, company } = conversationRow(conversation, 0);
  const author = LAST_AUTHOR.get(lastMessageSender) ?? 'last message';
  const last = lastMessageAt == null ? '' : `; ${author}, ${moment(lastMessageAt)}`;
  return {
    uri: fillTemplate('heyreach://conversations/{accountId}/{conversationId}', {
      accountId: linkedInAccountId,
      conversationId: id,
    }),
    name: inline([name || 'Unknown person', company && `(${company})`].filter(Boolean).join(' ')),
    description: `LinkedIn conversation of ${senderLabel(linkedInAccount, linkedInAccountId)}${last}.`,
    mimeType: 'text/markdown',
  };
}
