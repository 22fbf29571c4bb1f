import { z } from 'zod';
import { type Conversation, conversation, message } from '../client/operations/inbox.ts';
import { conversationHead, conversationRow } from '../tools/inbox/conversation-row.ts';
import { WHOLE_INBOX } from '../tools/inbox/filters.ts';
import { showSender } from '../tools/preview-lines.ts';
import { ROWS_A_PAGE } from '../tools/read-rows.ts';
import { readById } from './owner.ts';
import { type Resource, restFields, restOf } from './resource.ts';
import { transcript } from './transcript.ts';

/** What get_conversation takes at most. */
const MOST_MESSAGES = 200;

export const conversationIndex: Resource = {
  uri: 'heyreach://conversations',
  tool: 'list_conversations',
  name: 'conversations',
  title: 'Conversations',
  description: 'The newest conversations of the inbox: who, company, sender, last text, who wrote last, waiting since.',
  output: z.looseObject({
    totalCount: z.union([z.number(), z.literal('unknown')]),
    returned: z.number(),
    conversations: z.array(conversation.extend({ sender: z.string(), waitingSince: z.string().nullish() })),
    ...restFields,
  }),
  async read(_, context) {
    const { client, call } = context;
    const page = await client.inbox.getConversationsV3(
      { limit: ROWS_A_PAGE, cursor: null, filters: WHOLE_INBOX },
      call,
    );
    const conversations = (page.items ?? []).map((item) => ({
      ...conversationRow(item, 0),
      sender: senderOf(item),
      waitingSince: waitingSince(item),
    }));
    const total = page.totalCount ?? (page.hasNextPage === false ? conversations.length : undefined);
    return {
      data: { totalCount: total ?? 'unknown', returned: conversations.length, conversations },
      rows: {
        key: 'conversations',
        goOn(kept) {
          const left = total === undefined ? 'unknown' : Math.max(0, total - kept);
          return restOf(context, left, 'list_conversations', { offset: kept, limit: ROWS_A_PAGE });
        },
      },
    };
  },
};

export const oneConversation: Resource = {
  uri: 'heyreach://conversations/{accountId}/{conversationId}',
  tool: 'get_conversation',
  name: 'conversation',
  title: 'A conversation',
  description: 'One conversation as a transcript with times and speakers, and the same as JSON; the newest messages.',
  mimeType: 'text/markdown',
  output: conversation.extend({
    sender: z.string(),
    waitingSince: z.string().nullish(),
    returned: z.number(),
    messages: z.array(message.extend({ index: z.number() })),
    ...restFields,
  }),
  async read({ accountId: given, conversationId = '' }, context) {
    const accountId = Number(given);
    const [found] = await readById(context.client.inbox.getChatroom({ accountId, conversationId }, context.call));
    const messages = (found.messages ?? []).map((item, index) => ({ index, ...item }));
    const sender = senderOf(found, accountId);
    const waiting = waitingSince(found);
    return {
      data: {
        ...conversationHead(found),
        sender,
        waitingSince: waiting,
        totalMessages: messages.length,
        returned: messages.length,
        messages,
      },
      rows: {
        key: 'messages',
        keep: 'last',
        goOn(kept) {
          const left = messages.length - kept;
          const before = { accountId, conversationId, before: left, messages: Math.min(left, MOST_MESSAGES) };
          return restOf(context, left, 'get_conversation', before);
        },
      },
      markdown: transcript(found, { sender, waitingSince: waiting, hasTool: context.hasTool }),
    };
  },
};

/** `Grace Example (LinkedIn account 170001)`. */
function senderOf({ linkedInAccount, linkedInAccountId }: Conversation, accountId = linkedInAccountId): string {
  return accountId == null ? 'an unknown sender' : showSender(linkedInAccount, accountId);
}

/** Since when the person has had no answer: their first message after our last. Nothing where we wrote last. */
function waitingSince({ messages, lastMessageAt, lastMessageSender }: Conversation): string | null | undefined {
  if (lastMessageSender !== 'CORRESPONDENT') return undefined;
  const all = messages ?? [];
  const ours = all.findLastIndex(({ sender }) => sender === 'ME');
  return all[ours + 1]?.createdAt ?? lastMessageAt;
}
