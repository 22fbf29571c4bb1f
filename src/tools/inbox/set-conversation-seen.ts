import { z } from 'zod';
import { defineTool } from '../define.ts';
import { flag, id, text } from '../fields.ts';

export const setConversationSeen = defineTool({
  name: 'set_conversation_seen',
  title: 'Mark a conversation',
  description: 'Marks a conversation as read or unread in HeyReach; the person does not notice.',
  toolset: 'inbox',
  kind: 'write',
  repeat: 'same',
  asks: 'no',
  input: {
    conversationId: text('Conversation id', 300),
    linkedInAccountId: id("The conversation's sender"),
    seen: flag('true: read; false: unread'),
  },
  output: z.looseObject({ conversationId: z.string(), seen: z.boolean() }),
  async readBack({ conversationId, linkedInAccountId, seen }, { client, call }) {
    const found = await client.inbox.getChatroom({ accountId: linkedInAccountId, conversationId }, call);
    return found.read === seen ? { data: { conversationId, seen } } : undefined;
  },
  async run({ conversationId, linkedInAccountId, seen }, { client, call }) {
    await client.inbox.setSeenStatus({ conversationId, linkedInAccountId, seen }, call);
    return { data: { conversationId, seen } };
  },
});
