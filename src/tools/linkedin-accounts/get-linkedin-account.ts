import { linkedInAccount } from '../../client/operations/linkedin-accounts.ts';
import { defineTool } from '../define.ts';
import { id } from '../fields.ts';

export const getLinkedinAccount = defineTool({
  name: 'get_linkedin_account',
  title: 'Get a sender',
  description:
    'One sender with its configured daily allowances and their ceilings; used or remaining counts are not offered by HeyReach.',
  toolset: 'linkedin_accounts',
  kind: 'read',
  repeat: 'safe',
  asks: 'no',
  input: { accountId: id('Sender id') },
  output: linkedInAccount,
  async run({ accountId }, { client, call }) {
    return { data: await client.linkedInAccounts.getById({ accountId }, call) };
  },
});
