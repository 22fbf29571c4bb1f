import * as z from 'zod';
import { flag, id, textId } from '../../mcp/arguments/fields.ts';
import { defineTool } from '../../mcp/tool.ts';

export const setConversationSeen = defineTool({
  name: 'set_conversation_seen',
  title: "Set a conversation's read state",
  description: 'Marks a conversation as read or unread in HeyReach. The other person does not see it.',
  toolset: 'inbox',
  risk: 'write',
  retry: 'idempotent',
  confirmation: 'never',
  input: () => ({
    conversationId: textId('Conversation id', 300),
    linkedInAccountId: id("The conversation's sender"),
    seen: flag('true: read; false: unread'),
  }),
  output: () => z.looseObject({ conversationId: z.string(), seen: z.boolean() }),
  async verifyAfterRetry({ conversationId, linkedInAccountId, seen }, { client, call }) {
    const conversation = await client.inbox.getChatroom({ accountId: linkedInAccountId, conversationId }, call);
    return conversation.read === seen ? { data: { conversationId, seen } } : undefined;
  },
  async run({ conversationId, linkedInAccountId, seen }, { client, call }) {
    await client.inbox.setSeenStatus({ conversationId, linkedInAccountId, seen }, call);
    return { data: { conversationId, seen } };
  },
});
