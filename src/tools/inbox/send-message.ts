import { z } from 'zod';
import { defineTool } from '../define.ts';
import { flag, id, text } from '../fields.ts';
import { checkSend } from './send-check.ts';
import { send } from './send-outcome.ts';
import { previewSend } from './send-preview.ts';

export const sendMessage = defineTool({
  name: 'send_message',
  title: 'Send a message',
  description:
    'Sends a LinkedIn message to the person of an existing conversation, from its sender. It reaches a real person and cannot be taken back; a new conversation cannot be opened. A text that stands among our last five there is refused.',
  toolset: 'inbox',
  kind: 'outreach',
  repeat: 'once',
  asks: 'yes',
  input: {
    message: text('The text, exactly as it is to be sent', 8_000),
    conversationId: text('Conversation id', 300).trim(),
    linkedInAccountId: id("The conversation's sender"),
    subject: text('Subject, for InMail threads').optional(),
    allowRepeat: flag('Send a text that was sent there before').default(false),
  },
  check: ({ message }) => (message.trim() === '' ? 'message must hold a text, not only blanks' : undefined),
  output: z.looseObject({
    delivery: z
      .enum(['seen_in_thread', 'accepted'])
      .describe('accepted: HeyReach took the message over, and the thread does not show it yet'),
    conversationId: z.string(),
    linkedInAccountId: z.number(),
    note: z.string().optional(),
  }),
  exclusive: ({ linkedInAccountId, conversationId }) => `${linkedInAccountId}/${conversationId}`,
  preview: previewSend,
  nextStep: (error) =>
    error.outcome === 'unknown'
      ? 'Do not send it again by yourself. Look with get_conversation whether it arrives; HeyReach can take minutes. The same text is held back for 15 minutes.'
      : undefined,
  async run(input, context) {
    const thread = await checkSend(input, context);
    const { delivery, note } = await send(input, thread, context);
    const { conversationId, linkedInAccountId } = input;
    return { data: { delivery, conversationId, linkedInAccountId, ...(note === undefined ? {} : { note }) } };
  },
});
