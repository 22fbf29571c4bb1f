import { linkedInAccount } from '../client/operations/linkedin-accounts.ts';
import { accountRow } from '../tools/linkedin-accounts/account-row.ts';
import { indexOutput, readIndex } from './index-rows.ts';
import type { Resource } from './resource.ts';

export const accountIndex: Resource = {
  uri: 'heyreach://linkedin-accounts',
  tool: 'list_linkedin_accounts',
  name: 'linkedin-accounts',
  title: 'Senders',
  description: 'The LinkedIn accounts that send: login, Sales Navigator and cooldown state, and running campaigns.',
  output: indexOutput('linkedInAccounts', linkedInAccount),
  read: (_, context) =>
    readIndex(context, {
      key: 'linkedInAccounts',
      read: (page) => context.client.linkedInAccounts.getAll(page, context.call),
      row: accountRow,
      tool: 'list_linkedin_accounts',
    }),
};
