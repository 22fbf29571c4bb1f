import { getConversation } from '../tools/inbox/get-conversation.ts';
import { getLeadOverview } from '../tools/workflows/get-lead-overview.ts';
import { SENDER } from './arguments.ts';
import type { Prompt } from './types.ts';

const INTENTS = [
  'answer the question',
  'propose a call',
  'send more information',
  'come back to it later',
  'thank and leave it there',
];
const MAX_INTENT = 500;
/** Each of at most 2,000 characters. */
const MESSAGES = 6;

export const replyToLead: Prompt = {
  name: 'reply_to_lead',
  title: 'Reply to a lead',
  description: 'Drafts the next message of a conversation for the user to approve.',
  arguments: [
    { ...SENDER, description: 'The LinkedIn account of the conversation, by id or name', isRequired: true },
    { name: 'conversationId', description: 'The conversation', isRequired: true },
    {
      name: 'intent',
      description: 'What the reply is meant to achieve',
      suggest: () => INTENTS,
      accepts: (value) => value.length <= MAX_INTENT,
    },
  ],
  requiredTools: ['get_conversation', 'get_lead_overview'],
  async callTools({ accountId, conversationId }, call) {
    const conversation = await call(getConversation, {
      accountId: Number(accountId),
      conversationId,
      messages: MESSAGES,
    });
    const { profileUrl } = conversation.structure;
    // HeyReach has conversations without a person.
    if (typeof profileUrl !== 'string' || profileUrl === '') return [conversation];
    // The messages are in the conversation, with more of their text.
    return [conversation, await call(getLeadOverview, { profileUrl, messages: 0 })];
  },
  write: ({ accountId, conversationId, intent }) => [
    {
      requiresTools: ['get_conversation', 'get_lead_overview'],
      text: 'Draft our next message in the conversation above, the result of get_conversation. The result of get_lead_overview, where it is above, says who the person is.',
    },
    ...(intent === undefined ? [] : [{ text: `Its purpose: ${intent}` }]),
    {
      text: 'Use the language and tone of the conversation, respond to the last message, be brief, and promise nothing that the conversation does not support. If no reply is wanted, say so instead.',
    },
    {
      text: 'Before the draft, name each of these that applies: a Matched blacklist entry, a conversation of another sender with the person, campaigns in canBeReachedBy.',
    },
    {
      requiresTools: ['get_conversation'],
      text: `If the beginning matters, read it with get_conversation (accountId ${accountId}, conversationId ${JSON.stringify(conversationId)}, before: nextBefore).`,
    },
    {
      requiresTools: ['send_message'],
      text: `Show the draft. Once the user has approved it, send it word for word with send_message (linkedInAccountId ${accountId}, the same conversationId).`,
    },
    { onlyWithoutTool: 'send_message', text: 'Show the draft. The user sends it.' },
  ],
};
