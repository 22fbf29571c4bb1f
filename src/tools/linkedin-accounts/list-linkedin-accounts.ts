import { linkedInAccount } from '../../client/operations/linkedin-accounts.ts';
import { defineTool } from '../define.ts';
import { detail, paging, text } from '../fields.ts';
import { pageAnswer, pageOutput } from '../page.ts';
import { accountRow } from './account-row.ts';

export const listLinkedinAccounts = defineTool({
  name: 'list_linkedin_accounts',
  title: 'List senders',
  description:
    'The LinkedIn accounts that send, with login, Sales Navigator and cooldown state; authIsValid false means nothing goes out. Cooldowns are shown while they last; daily allowances come with detail full.',
  toolset: 'linkedin_accounts',
  kind: 'read',
  repeat: 'safe',
  asks: 'no',
  input: { keyword: text('Part of a name or e-mail').optional(), ...paging(), ...detail },
  output: pageOutput(linkedInAccount),
  async run({ keyword, offset, limit }, { client, call, full }) {
    const page = await client.linkedInAccounts.getAll({ keyword, offset, limit }, call);
    return pageAnswer(page, offset, full ? undefined : accountRow);
  },
});
