import { z } from 'zod';
import { conversation, message } from '../../client/operations/inbox.ts';
import { defineTool } from '../define.ts';
import { detail, id, text, whole } from '../fields.ts';
import { conversationHead } from './conversation-row.ts';

export const getConversation = defineTool({
  name: 'get_conversation',
  title: 'Read a conversation',
  description:
    'One conversation with its newest messages, oldest of them first; each has an index, and before goes further back. Ids come from list_conversations.',
  toolset: 'inbox',
  kind: 'read',
  repeat: 'safe',
  asks: 'no',
  input: {
    accountId: id("The sender's linkedInAccountId"),
    conversationId: text('Conversation id', 300),
    messages: whole('Messages to return', 1, 200).default(20),
    before: whole('Only messages before this index; nextBefore of the last answer', 1, 1_000_000).optional(),
    ...detail,
  },
  // As a path value it must not climb.
  check: ({ conversationId }) =>
    /^\.{1,2}$/.test(conversationId) ? 'conversationId must be an id that list_conversations answered' : undefined,
  output: conversation.extend({
    totalMessages: z.number(),
    returned: z.number(),
    messages: z.array(message.extend({ index: z.number().describe('0 is the oldest') })),
    nextBefore: z.number().optional().describe('before, to go further back; absent at the beginning'),
  }),
  clipAt: 2_000,
  async run({ accountId, conversationId, messages, before }, { client, call, full }) {
    const found = await client.inbox.getChatroom({ accountId, conversationId }, call);
    const all = (found.messages ?? []).map((item, index) => ({ index, ...item }));
    const shown = all.slice(0, before ?? all.length).slice(-messages);
    return {
      data: {
        ...(full ? found : conversationHead(found)),
        totalMessages: all.length,
        returned: shown.length,
        messages: shown,
      },
      rows: {
        key: 'messages',
        keep: 'last',
        goOn(kept) {
          const oldest = shown[shown.length - kept]?.index ?? 0;
          return oldest > 0 ? { nextBefore: oldest } : {};
        },
      },
    };
  },
});
