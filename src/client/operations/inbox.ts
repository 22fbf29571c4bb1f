import { z } from 'zod';
import { operation } from '../operation.ts';
import { count, flag, id, leadProfile, outsideText, type PageRequest, pageOf, text } from './fields.ts';

export const message = z.looseObject({
  createdAt: text,
  sender: text,
  body: outsideText,
  subject: outsideText,
  postLink: outsideText,
  isInMail: flag,
});

/** A conversation. `messages` is ascending and complete; messages carry no id. */
export const conversation = z.looseObject({
  id: text,
  linkedInAccountId: id,
  read: flag,
  groupChat: flag,
  blockedByMe: flag,
  blockedByParticipant: flag,
  lastMessageAt: text,
  lastMessageText: outsideText,
  lastMessageType: text,
  lastMessageSender: text,
  totalMessages: count,
  campaignId: id,
  correspondentProfile: leadProfile.nullish(),
  linkedInAccount: z
    .looseObject({
      id,
      emailAddress: text,
      firstName: text,
      lastName: text,
      isActive: flag,
      activeCampaigns: count,
      authIsValid: flag,
      isValidNavigator: flag,
      isValidRecruiter: flag,
      profileUrl: text,
    })
    .nullish(),
  messages: z.array(message).nullish(),
});
export type Conversation = z.infer<typeof conversation>;

/** Unknown filter names are ignored by HeyReach, which then answers the whole inbox: only these exist. */
export interface ConversationFilters {
  linkedInAccountIds: number[];
  campaignIds: number[];
  searchString?: string | null | undefined;
  leadLinkedInId?: string | null | undefined;
  leadProfileUrl?: string | null | undefined;
  tags?: string[] | undefined;
  seen?: boolean | null | undefined;
}

const v2 = { repeat: 'safe' } as const;

export const inbox = {
  /** Retired; knows no tag filters. */
  getConversationsV1: operation<PageRequest & { filters: Partial<ConversationFilters> }>().answering(
    'POST /inbox/GetConversations',
    pageOf(conversation),
    v2,
  ),
  getConversationsV2: operation<PageRequest & { filters: ConversationFilters }>().answering(
    'POST /inbox/GetConversationsV2',
    pageOf(conversation),
    v2,
  ),
  /** `from` and `to` bound lastMessageAt by whole days. An edited cursor is refused. */
  getConversationsV3: operation<{
    limit?: number | undefined;
    cursor?: string | null | undefined;
    from?: string | undefined;
    to?: string | undefined;
    filters: ConversationFilters & { latestAutoTagNames: string[] };
  }>().answering(
    'POST /inbox/GetConversationsV3',
    z.looseObject({
      totalCount: count,
      items: z.array(conversation).nullish(),
      nextCursor: text,
      hasNextPage: flag,
    }),
    v2,
  ),
  getChatroom: operation<{ accountId: number; conversationId: string }>().answering(
    'GET /inbox/GetChatroom/{accountId}/{conversationId}',
    conversation,
    v2,
  ),
  /** An empty 200 means accepted for delivery; it can take more than 30 s, and a second call sends a second message. */
  sendMessage: operation<{
    message: string;
    conversationId: string;
    linkedInAccountId: number;
    subject: string;
  }>().silent('POST /inbox/SendMessage', { repeat: 'once' }),
  setSeenStatus: operation<{ conversationId: string; linkedInAccountId: number; seen: boolean }>().silent(
    'POST /inbox/SetSeenStatus',
    { repeat: 'same' },
  ),
};
