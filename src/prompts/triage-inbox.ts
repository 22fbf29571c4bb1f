import { listUnanswered } from '../tools/workflows/list-unanswered.ts';
import { SENDER } from './arguments.ts';
import type { Prompt } from './types.ts';

/** More rows take more tokens than a prompt has. */
const ROWS = 15;

export const triageInbox: Prompt = {
  name: 'triage_inbox',
  title: 'Sort the inbox',
  description: 'Sorts the people who wait for a reply, says what each of them wants, and drafts replies.',
  arguments: [
    { ...SENDER, description: 'Only conversations of this LinkedIn account, by id or name; all accounts if omitted' },
  ],
  requiredTools: ['list_unanswered'],
  callTools: async ({ accountId }, call) => [
    await call(listUnanswered, {
      ...(accountId === undefined ? {} : { linkedInAccountIds: [Number(accountId)] }),
      limit: ROWS,
    }),
  ],
  write: ({ accountId }) => [
    {
      requiresTools: ['list_unanswered'],
      isAboutResults: true,
      text: `The result of list_unanswered above has the people who wait for our reply${
        accountId === undefined ? '' : `, of LinkedIn account ${accountId} only`
      }, longest first. waiting and byAge count all of them. Further rows come with nextCursor and the same arguments.`,
    },
    {
      text: 'Sort each row into one of these: interested, asks something, not now, not interested, needs nothing. Write one line for each: person, company, sender, waiting since when, and your proposal. Name the first day that was read, and the number of waiting people outside the rows.',
    },
    {
      requiresTools: ['get_conversation'],
      text: 'If the field said is shortened or does not show what the person wants, read the conversation with get_conversation.',
    },
    {
      requiresTools: ['send_message'],
      text: 'Where a reply is due, draft one and show it. Once the user has approved it, send it word for word with send_message.',
    },
    {
      onlyWithoutTool: 'send_message',
      text: 'Where a reply is due, draft one and show it. The user sends it.',
    },
    {
      requiresTools: ['stop_lead_in_campaign'],
      text: 'If a person is not interested, propose stop_lead_in_campaign for each campaign of the row.',
    },
    {
      requiresTools: ['suppress_leads'],
      text: 'If a person asks not to be contacted again, propose suppress_leads, which is permanent.',
    },
    {
      requiresTools: ['set_conversation_seen'],
      text: 'For conversations that need nothing more, propose to mark them as read with set_conversation_seen.',
    },
  ],
};
