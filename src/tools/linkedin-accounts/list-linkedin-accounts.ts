import { type LinkedInAccount, linkedInAccount } from '../../client/operations/linkedin-accounts.ts';
import { defineTool } from '../define.ts';
import { detail, paging, text } from '../fields.ts';
import { pageAnswer, pageOutput } from '../page.ts';

/** A sender without its daily allowances, and without the cooldowns it is not in. */
function accountRow({ accountLimits: _, ...account }: LinkedInAccount) {
  return Object.fromEntries(
    Object.entries(account).filter(([name, value]) => !(name.endsWith('Cooldown') && value === false)),
  );
}

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
