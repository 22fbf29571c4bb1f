import { linkedInAccount } from '../../client/operations/linkedin-accounts.ts';
import { detail, paging, text } from '../../mcp/arguments/fields.ts';
import { pageOutput, pageResult } from '../../mcp/results/page.ts';
import { defineTool } from '../../mcp/tool.ts';
import { accountRow } from '../../views/people.ts';

export const listLinkedinAccounts = defineTool({
  name: 'list_linkedin_accounts',
  title: 'List LinkedIn accounts',
  description:
    'Lists the LinkedIn accounts that send (senders), with login, Sales Navigator and cooldown state. authIsValid false means the account sends nothing. Only active cooldowns are shown; detail=full adds daily limits.',
  toolset: 'linkedin_accounts',
  risk: 'read',
  retry: 'safe',
  confirmation: 'never',
  input: () => ({ keyword: text('Part of a name or e-mail').optional(), ...paging(), ...detail() }),
  output: () => pageOutput(linkedInAccount()),
  async run({ keyword, offset, limit }, { client, call, full }) {
    const page = await client.linkedInAccounts.getAll({ keyword, offset, limit }, call);
    return pageResult(page, offset, full ? undefined : accountRow);
  },
});
