import { linkedInAccount } from '../../client/operations/linkedin-accounts.ts';
import { id } from '../../mcp/arguments/fields.ts';
import { defineTool } from '../../mcp/tool.ts';

export const getLinkedinAccount = defineTool({
  name: 'get_linkedin_account',
  title: 'Get a LinkedIn account',
  description:
    'Returns one sender with its configured daily limits and their maximums. HeyReach does not report how much of a limit is used.',
  toolset: 'linkedin_accounts',
  risk: 'read',
  retry: 'safe',
  confirmation: 'never',
  input: () => ({ accountId: id('LinkedIn account id') }),
  output: linkedInAccount,
  async run({ accountId }, { client, call }) {
    return { data: await client.linkedInAccounts.getById({ accountId }, call) };
  },
});
