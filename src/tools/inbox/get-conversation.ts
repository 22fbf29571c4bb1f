import * as z from 'zod';
import { conversation, message } from '../../client/operations/inbox.ts';
import { lazy } from '../../lib/lazy.ts';
import { detail, id, integer, limit, textId } from '../../mcp/arguments/fields.ts';
import { defineTool } from '../../mcp/tool.ts';
import { conversationHead } from '../../views/conversation-row.ts';
import { keepFieldTypes } from '../shared/keep-field-types.ts';

const output = lazy(() =>
  conversation().extend({
    totalMessages: z.number(),
    returned: z.number(),
    messages: z.array(message().extend({ index: z.number().describe('0 is the oldest') })),
    nextBefore: z.number().optional().describe('before of the next call; absent when no older messages are left'),
  }),
);

export const getConversation = defineTool({
  name: 'get_conversation',
  title: 'Read a conversation',
  description:
    'Returns one conversation with its newest messages, oldest first. Each message has an index; pass nextBefore as before to read older ones. Conversation ids come from list_conversations.',
  toolset: 'inbox',
  risk: 'read',
  retry: 'safe',
  confirmation: 'never',
  input: () => ({
    accountId: id("The conversation's linkedInAccountId"),
    conversationId: textId('Conversation id', 300),
    messages: limit('Messages to return', { max: 200 }),
    before: integer('Only messages before this index: nextBefore of the last result', 1, 1_000_000).optional(),
    ...detail(),
  }),
  // The id is a path segment, and . or .. would change the path.
  check: ({ conversationId }) =>
    /^\.{1,2}$/.test(conversationId) ? 'conversationId must be an id from list_conversations' : undefined,
  output: output,
  clipAt: 2_000,
  async run({ accountId, conversationId, messages, before }, { client, call, full }) {
    const thread = await client.inbox.getChatroom({ accountId, conversationId }, call);
    const all = (thread.messages ?? []).map((item, index) => ({ index, ...item }));
    const shown = all.slice(0, before ?? all.length).slice(-messages);
    return {
      data: keepFieldTypes(
        output(),
        {
          ...(full ? thread : conversationHead(thread)),
          totalMessages: all.length,
          returned: shown.length,
          messages: shown,
        },
        call,
      ),
      rows: {
        key: 'messages',
        keep: 'last',
        continuation(rowCount) {
          const oldest = shown[shown.length - rowCount]?.index ?? 0;
          return oldest > 0 ? { nextBefore: oldest } : {};
        },
      },
    };
  },
});
