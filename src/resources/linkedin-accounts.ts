import { linkedInAccount } from '../client/operations/linkedin-accounts.ts';
import { lazy } from '../lib/lazy.ts';
import { accountRow } from '../views/people.ts';
import { indexOutput, readIndex } from './shared/read-index.ts';
import type { Resource } from './shared/types.ts';

export const linkedInAccountsResource: Resource = {
  uri: 'heyreach://linkedin-accounts',
  tool: 'list_linkedin_accounts',
  name: 'linkedin-accounts',
  title: 'Senders',
  description:
    'The LinkedIn accounts (senders): login, Sales Navigator and cooldown state, and the number of running campaigns.',
  output: lazy(() => indexOutput('linkedInAccounts', linkedInAccount())),
  read: (_, context) =>
    readIndex(context, {
      key: 'linkedInAccounts',
      read: (page) => context.client.linkedInAccounts.getAll(page, context.call),
      row: accountRow,
      tool: 'list_linkedin_accounts',
    }),
};
