import type { Campaign } from '../client/operations/campaigns.ts';
import type { Conversation } from '../client/operations/inbox.ts';
import { conversationRow } from '../tools/inbox/conversation-row.ts';
import { counted, inline } from '../tools/preview.ts';
import { showSender } from '../tools/preview-lines.ts';
import { progressOf } from './campaigns.ts';
import { moment } from './markdown.ts';
import { fillTemplate, isValue } from './uri.ts';

const LAST = new Map<unknown, string>([
  ['ME', 'we wrote last'],
  ['CORRESPONDENT', 'they wrote last'],
]);

/** How a resource stands in a listing: each text one line, short and without hidden characters. */
export interface Description {
  uri: string;
  name: string;
  description: string;
  mimeType: string;
}

/** @returns undefined for a row without an id by which it could be read. */
export function describeCampaign({ id, name, status, progressStats }: Campaign): Description | undefined {
  if (id == null || !isValue('campaignId', String(id))) return undefined;
  const progress = progressOf(progressStats);
  const { total = 0, finished = 0 } = progress ?? {};
  const leads =
    progress === undefined ? '' : total > 0 ? `: ${finished} of ${counted(total, 'lead')} finished` : ': no leads';
  return {
    uri: fillTemplate('heyreach://campaigns/{campaignId}', { campaignId: id }),
    name: inline(name) || `Campaign ${id}`,
    description: `Campaign ${id}, ${inline(status) || 'of unknown status'}${leads}.`,
    mimeType: 'application/json',
  };
}

/** @returns undefined for a row without the two ids by which it could be read. */
export function describeConversation(conversation: Conversation): Description | undefined {
  const { id, linkedInAccountId, linkedInAccount, lastMessageAt, lastMessageSender } = conversation;
  if (id == null || linkedInAccountId == null) return undefined;
  if (!isValue('conversationId', id) || !isValue('accountId', String(linkedInAccountId))) return undefined;
  const { name, company } = conversationRow(conversation, 0);
  const who = LAST.get(lastMessageSender) ?? 'last message';
  const last = lastMessageAt == null ? '' : `; ${who}, ${moment(lastMessageAt)}`;
  return {
    uri: fillTemplate('heyreach://conversations/{accountId}/{conversationId}', {
      accountId: linkedInAccountId,
      conversationId: id,
    }),
    name: inline([name || 'Somebody', company && `(${company})`].filter(Boolean).join(' ')),
    description: `LinkedIn conversation of ${showSender(linkedInAccount, linkedInAccountId)}${last}.`,
    mimeType: 'text/markdown',
  };
}
