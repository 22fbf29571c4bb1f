import * as z from 'zod';
import { content, id, offFlag, textId } from '../../mcp/arguments/fields.ts';
import { defineTool } from '../../mcp/tool.ts';
import { send } from './shared/send-and-verify.ts';
import { checkSend } from './shared/send-checks.ts';
import { previewSend } from './shared/send-preview.ts';

const IN_A_CONVERSATION = 'find the conversation with list_conversations, which takes leadProfileUrl';

export const sendMessage = defineTool({
  name: 'send_message',
  title: 'Send a message',
  description:
    'Sends a LinkedIn message in an existing conversation, from its sender. It reaches a real person and cannot be undone. It cannot open a conversation, and rejects a text that is among our last five there.',
  toolset: 'inbox',
  risk: 'outreach',
  retry: 'never',
  confirmation: 'always',
  input: () => ({
    message: content('The exact text to send', 8_000),
    conversationId: textId('Conversation id', 300),
    linkedInAccountId: id("The conversation's sender"),
    subject: content('Subject, for InMail threads').optional(),
    allowRepeat: offFlag('Send a text that was already sent there'),
  }),
  missingParameters: { profileUrl: IN_A_CONVERSATION, leadProfileUrl: IN_A_CONVERSATION, leadUrl: IN_A_CONVERSATION },
  output: () =>
    z.looseObject({
      delivery: z
        .enum(['seen_in_thread', 'accepted'])
        .describe('accepted: HeyReach accepted the message, but the thread does not show it yet'),
      conversationId: z.string(),
      linkedInAccountId: z.number(),
      note: z.string().optional(),
    }),
  lockKey: ({ linkedInAccountId, conversationId }) => `${linkedInAccountId}/${conversationId}`,
  preview: previewSend,
  nextStep: (error) =>
    error.outcome === 'unknown'
      ? 'Do not send it again on your own. Check with get_conversation whether it arrived, which can take minutes. This server rejects the same text for 15 minutes.'
      : undefined,
  async run(input, context) {
    const thread = await checkSend(input, context);
    const { delivery, note } = await send(input, thread, context);
    const { conversationId, linkedInAccountId } = input;
    return { data: { delivery, conversationId, linkedInAccountId, ...(note === undefined ? {} : { note }) } };
  },
});
