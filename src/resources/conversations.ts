import * as z from 'zod';
import { readInboxPage } from '../client/inbox-pages.ts';
import { type Conversation, conversation, message } from '../client/operations/inbox.ts';
import { lazy } from '../lib/lazy.ts';
import { ROWS_PER_PAGE } from '../lib/read-pages.ts';
import { conversationHead, conversationRow } from '../views/conversation-row.ts';
import { senderLabel } from '../views/people.ts';
import { waitingOf } from '../workflows/inbox/waiting.ts';
import { toTranscript } from './shared/conversation-markdown.ts';
import { readById } from './shared/read-by-id.ts';
import { type Resource, restFields, restOf } from './shared/types.ts';

/** The limit of get_conversation. */
const MAX_MESSAGES = 200;

export const conversationsResource: Resource = {
  uri: 'heyreach://conversations',
  tool: 'list_conversations',
  name: 'conversations',
  title: 'Conversations',
  description:
    'The newest conversations of the inbox: person, company, sender, last message and its author, and waiting since when.',
  output: lazy(() =>
    z.looseObject({
      totalCount: z.union([z.number(), z.literal('unknown')]),
      returned: z.number(),
      conversations: z.array(conversation().extend({ sender: z.string(), waitingSince: z.string().nullish() })),
      ...restFields(),
    }),
  ),
  async read(_, context) {
    const { client, call } = context;
    const { items, totalCount, next } = await readInboxPage(client, { start: null, limit: ROWS_PER_PAGE }, call);
    const conversations = items.map((item) => ({
      ...conversationRow(item, 0),
      sender: senderOf(item),
      waitingSince: waitingOf(item)?.since,
    }));
    const total = totalCount ?? (next === null ? items.length : undefined);
    return {
      data: { totalCount: total ?? 'unknown', returned: conversations.length, conversations },
      rows: {
        key: 'conversations',
        continuation(returned) {
          const left = total === undefined ? 'unknown' : Math.max(0, total - returned);
          return restOf(context, left, 'list_conversations', { offset: returned, limit: ROWS_PER_PAGE });
        },
      },
    };
  },
};

export const conversationResource: Resource = {
  uri: 'heyreach://conversations/{accountId}/{conversationId}',
  tool: 'get_conversation',
  name: 'conversation',
  title: 'A conversation',
  description: 'The newest messages of one conversation, as a transcript with times and speakers, and as JSON.',
  mimeType: 'text/markdown',
  output: lazy(() =>
    conversation().extend({
      sender: z.string(),
      waitingSince: z.string().nullish(),
      returned: z.number(),
      messages: z.array(message().extend({ index: z.number() })),
      ...restFields(),
    }),
  ),
  async read(values, context) {
    const { conversationId = '' } = values;
    const accountId = Number(values.accountId);
    const [chatroom] = await readById(context.client.inbox.getChatroom({ accountId, conversationId }, context.call));
    const messages = (chatroom.messages ?? []).map((item, index) => ({ index, ...item }));
    const sender = senderOf(chatroom, accountId);
    const waiting = waitingOf(chatroom)?.since;
    return {
      data: {
        ...conversationHead(chatroom),
        sender,
        waitingSince: waiting,
        totalMessages: messages.length,
        returned: messages.length,
        messages,
      },
      rows: {
        key: 'messages',
        keep: 'last',
        continuation(returned) {
          const left = messages.length - returned;
          const before = { accountId, conversationId, before: left, messages: Math.min(left, MAX_MESSAGES) };
          return restOf(context, left, 'get_conversation', before);
        },
      },
      markdown: toTranscript(chatroom, { sender, waitingSince: waiting, hasTool: context.hasTool }),
    };
  },
};

/** `Grace Example (LinkedIn account 170001)`. */
function senderOf({ linkedInAccount, linkedInAccountId }: Conversation, accountId = linkedInAccountId): string {
  return accountId == null ? 'an unknown sender' : senderLabel(linkedInAccount, accountId);
}
