import { accountStatus } from '../../client/operations/linkedin-accounts.ts';
import { id } from '../../mcp/arguments/fields.ts';
import { defineTool } from '../../mcp/tool.ts';

export const getLinkedinAccountStatus = defineTool({
  name: 'get_linkedin_account_status',
  title: 'Check a LinkedIn account',
  description:
    'Returns whether the LinkedIn login, Sales Navigator and Recruiter of a sender work right now, and why not. Only status Connected sends, whatever authIsValid says. Up to 10 seconds old.',
  toolset: 'linkedin_accounts',
  risk: 'read',
  retry: 'safe',
  confirmation: 'never',
  input: () => ({ accountId: id('LinkedIn account id') }),
  output: accountStatus,
  async run({ accountId }, { client, call }) {
    return { data: await client.linkedInAccounts.getStatus({ accountId }, call) };
  },
});
