import { fillTemplate } from '../resources/uri.ts';
import { type Prompt, SENDER } from './prompt.ts';

const INTENTS = [
  'answer the question',
  'propose a call',
  'send more information',
  'come back to it later',
  'thank and leave it there',
];
const MAX_INTENT = 500;

export const replyToLead: Prompt = {
  name: 'reply_to_lead',
  title: 'Answer a lead',
  description: 'Drafts the next message of a conversation from what was said in it, for a person to approve.',
  arguments: [
    { ...SENDER, description: 'The LinkedIn account that the conversation belongs to', isRequired: true },
    { name: 'conversationId', description: 'The conversation', isRequired: true },
    {
      name: 'intent',
      description: 'What the answer is to achieve',
      suggest: () => INTENTS,
      accepts: (value) => value.length <= MAX_INTENT,
    },
  ],
  needs: ['get_conversation'],
  enclose: ({ accountId = '', conversationId = '' }) => [
    {
      uri: fillTemplate('heyreach://conversations/{accountId}/{conversationId}', { accountId, conversationId }),
      maxBytes: 40_000,
    },
  ],
  write: ({ accountId, conversationId, intent }) => [
    { says: 'Draft the next message of ours in the conversation above.' },
    ...(intent === undefined ? [] : [{ says: `It is to: ${intent}` }]),
    {
      says: 'Write in the language and the tone of the thread, take up what was said last, be brief, and promise nothing that the thread does not bear out. If an answer is not wanted, say so instead.',
    },
    {
      uses: ['get_lead'],
      says: "get_lead, with the person's profile URL, tells who they are, where the thread does not.",
    },
    {
      uses: ['get_conversation'],
      says: `Should the beginning be missing above, get_conversation has it (accountId ${accountId}, conversationId ${JSON.stringify(conversationId)}).`,
    },
    {
      uses: ['send_message'],
      says: `Show the draft. Once the person you work for has approved it, it goes out word for word with send_message (linkedInAccountId ${accountId}, the same conversationId).`,
    },
    { without: 'send_message', says: 'Show the draft. Sending it is up to the person you work for.' },
  ],
};
