import { accountStatus } from '../../client/operations/linkedin-accounts.ts';
import { defineTool } from '../define.ts';
import { id } from '../fields.ts';

export const getLinkedinAccountStatus = defineTool({
  name: 'get_linkedin_account_status',
  title: 'Check a sender',
  description:
    'Whether the LinkedIn login of a sender, its Sales Navigator and its Recruiter work right now, and why not (up to 10 s old).',
  toolset: 'linkedin_accounts',
  kind: 'read',
  repeat: 'safe',
  asks: 'no',
  input: { accountId: id('Sender id') },
  output: accountStatus,
  async run({ accountId }, { client, call }) {
    return { data: await client.linkedInAccounts.getStatus({ accountId }, call) };
  },
});
