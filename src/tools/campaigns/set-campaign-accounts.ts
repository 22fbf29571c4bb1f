import { defineTool } from '../define.ts';
import { accountsAnswer, accountsInput, accountsOutput, readAccounts } from './accounts.ts';

/** The given senders that are missing, and the ones that should be gone. */
const differing = (wanted: readonly number[]) => (after: readonly number[]) => [
  ...wanted.filter((account) => !after.includes(account)),
  ...after.filter((account) => !wanted.includes(account)),
];

export const setCampaignAccounts = defineTool({
  name: 'set_campaign_accounts',
  title: 'Replace campaign senders',
  description:
    'Replaces all senders of a DRAFT, SCHEDULED or PAUSED campaign and says which were dropped; leads that a dropped sender works on are stopped for good. add_campaign_accounts only adds.',
  toolset: 'campaigns',
  kind: 'destructive',
  repeat: 'same',
  asks: 'yes',
  input: accountsInput('All senders it is to have'),
  output: accountsOutput,
  async readBack({ campaignId, linkedInAccountIds }, context) {
    const isDone = differing(linkedInAccountIds)(await readAccounts(campaignId, context)).length === 0;
    return isDone ? accountsAnswer(campaignId, undefined, differing(linkedInAccountIds), context) : undefined;
  },
  async run({ campaignId, linkedInAccountIds }, context) {
    const before = await readAccounts(campaignId, context);
    await context.client.campaigns.updateAccounts({ campaignId, linkedInAccountIds }, context.call);
    return accountsAnswer(campaignId, before, differing(linkedInAccountIds), context);
  },
});
