import * as z from 'zod';
import { lazy } from '../../lib/lazy.ts';
import { operation } from '../operation.ts';
import { count, flag, id, leadProfile, outsideText, type PageRequest, pageOf, text } from './fields.ts';

export const message = lazy(() =>
  z.looseObject({
    createdAt: text,
    sender: text,
    body: outsideText,
    subject: outsideText,
    postLink: outsideText,
    isInMail: flag,
  }),
);

/** A conversation. `messages` is ascending and complete. Messages have no id. */
export const conversation = lazy(() =>
  z.looseObject({
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
    correspondentProfile: leadProfile().extend({ id: text }).nullish(),
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
    messages: z.array(message()).nullish(),
  }),
);
export type Conversation = z.infer<ReturnType<typeof conversation>>;

/** HeyReach ignores unknown filter names and then returns the whole inbox. Only these exist. */
export interface ConversationFilters {
  linkedInAccountIds: number[];
  campaignIds: number[];
  searchString?: string | null | undefined;
  leadLinkedInId?: string | null | undefined;
  leadProfileUrl?: string | null | undefined;
  tags?: string[] | undefined;
  seen?: boolean | null | undefined;
}

/** Filters that match everything. */
export const WHOLE_INBOX: ConversationFilters = {
  linkedInAccountIds: [],
  campaignIds: [],
  searchString: null,
  leadLinkedInId: null,
  leadProfileUrl: null,
  tags: [],
  seen: null,
};

const read = { retry: 'safe' } as const;

export const inbox = {
  /** Retired. Has no tag filters. */
  getConversationsV1: operation<PageRequest & { filters: Partial<ConversationFilters> }>().answering(
    'POST /inbox/GetConversations',
    () => pageOf(conversation()),
    read,
  ),
  getConversationsV2: operation<PageRequest & { filters: ConversationFilters }>().answering(
    'POST /inbox/GetConversationsV2',
    () => pageOf(conversation()),
    read,
  ),
  /** `from` and `to` bound lastMessageAt by whole days. HeyReach rejects an edited cursor. Every filter has to be there. */
  getConversationsV3: operation<{
    limit?: number | undefined;
    cursor?: string | null | undefined;
    from?: string | undefined;
    to?: string | undefined;
    filters: ConversationFilters & { latestAutoTagNames: string[] };
  }>().answering(
    'POST /inbox/GetConversationsV3',
    () =>
      z.looseObject({
        totalCount: count,
        items: z.array(conversation()).nullish(),
        nextCursor: text,
        hasNextPage: flag,
      }),
    read,
  ),
  getChatroom: operation<{ accountId: number; conversationId: string }>().answering(
    'GET /inbox/GetChatroom/{accountId}/{conversationId}',
    conversation,
    read,
  ),
  /** An empty 200 means accepted for delivery. It can take more than 30 s. A second call sends a second message. */
  sendMessage: operation<{
    message: string;
    conversationId: string;
    linkedInAccountId: number;
    subject: string;
  }>().silent('POST /inbox/SendMessage', { retry: 'never' }),
  setSeenStatus: operation<{ conversationId: string; linkedInAccountId: number; seen: boolean }>().silent(
    'POST /inbox/SetSeenStatus',
    { retry: 'idempotent' },
  ),
};
