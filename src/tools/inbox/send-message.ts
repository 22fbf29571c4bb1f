import { z } from 'zod';
import { defineTool } from '../define.ts';
import { id, text } from '../fields.ts';

export const sendMessage = defineTool({
  name: 'send_message',
  title: 'Send a message',
  description:
    'Sends a LinkedIn message to the person of an existing conversation, from its sender. It reaches a real person and cannot be taken back; a new conversation cannot be opened.',
  toolset: 'inbox',
  kind: 'outreach',
  repeat: 'once',
  asks: 'yes',
  input: {
    message: text('The text, exactly as it is to be sent', 8_000),
    conversationId: text('Conversation id', 300),
    linkedInAccountId: id("The conversation's sender"),
    subject: text('Subject, for InMail threads').optional(),
  },
  check: ({ message }) => (message.trim() === '' ? 'message must hold a text, not only blanks' : undefined),
  output: z.looseObject({
    delivery: z.enum(['accepted']).describe('HeyReach took the message over; delivery is not confirmed'),
    conversationId: z.string(),
    linkedInAccountId: z.number(),
  }),
  async run({ message, conversationId, linkedInAccountId, subject }, { client, call }) {
    await client.inbox.sendMessage({ message, conversationId, linkedInAccountId, subject: subject ?? '' }, call);
    return { data: { delivery: 'accepted', conversationId, linkedInAccountId } };
  },
});
