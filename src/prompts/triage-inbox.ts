import { type Prompt, SENDER } from './prompt.ts';

export const triageInbox: Prompt = {
  name: 'triage_inbox',
  title: 'Sort the inbox',
  description: 'Goes through the conversations that wait for an answer, says what each wants, and drafts answers.',
  arguments: [{ ...SENDER, description: 'Only conversations of this LinkedIn account; left out, of all' }],
  needs: ['list_conversations', 'get_conversation'],
  enclose: () => [{ uri: 'heyreach://conversations', maxBytes: 16_000 }],
  write: ({ accountId }) => [
    {
      says: `Go through the conversations above in which the other side wrote last, those that wait longest first.${
        accountId === undefined ? '' : ` Only those with linkedInAccountId ${accountId} are meant.`
      }`,
    },
    {
      uses: ['list_conversations'],
      says: `Above are only the newest. list_conversations with seen false${
        accountId === undefined ? '' : ` and linkedInAccountIds [${accountId}]`
      } gives all that are unread, page by page; those that are read and still wait come without seen. Say how far back you looked.`,
    },
    {
      uses: ['get_conversation'],
      says: 'Read the thread with get_conversation where the last text alone does not tell what is wanted.',
    },
    {
      says: 'Put each under one of these: wants to go on, asks something, not now, not interested, needs nothing. Give a line for each: who, company, sender, waiting since when, and what you propose.',
    },
    {
      uses: ['send_message'],
      says: 'Draft an answer where one is due and show it. What the person you work for has approved goes out with send_message, word for word.',
    },
    {
      without: 'send_message',
      says: 'Draft an answer where one is due and show it. Sending is up to the person you work for.',
    },
    {
      uses: ['list_campaigns_for_lead', 'stop_lead_in_campaign'],
      says: 'Where somebody is not interested, find the campaigns that still write to them with list_campaigns_for_lead, and propose stop_lead_in_campaign.',
    },
    {
      uses: ['set_conversation_seen'],
      says: 'For what needs nothing more, propose to mark it as read with set_conversation_seen.',
    },
  ],
};
