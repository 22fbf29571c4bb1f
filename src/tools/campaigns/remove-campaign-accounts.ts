import { defineTool } from '../define.ts';
import { accountsAnswer, accountsInput, accountsOutput, readAccounts } from './accounts.ts';

const remaining = (unwanted: readonly number[]) => (after: readonly number[]) =>
  unwanted.filter((account) => after.includes(account));

export const removeCampaignAccounts = defineTool({
  name: 'remove_campaign_accounts',
  title: 'Remove campaign senders',
  description:
    'Removes senders from a DRAFT, SCHEDULED or PAUSED campaign and says which were dropped; leads they work on are stopped for good.',
  toolset: 'campaigns',
  kind: 'destructive',
  repeat: 'same',
  asks: 'yes',
  input: accountsInput('Senders to remove'),
  output: accountsOutput,
  async readBack({ campaignId, linkedInAccountIds }, context) {
    const isDone = remaining(linkedInAccountIds)(await readAccounts(campaignId, context)).length === 0;
    return isDone ? accountsAnswer(campaignId, undefined, remaining(linkedInAccountIds), context) : undefined;
  },
  async run({ campaignId, linkedInAccountIds }, context) {
    const before = await readAccounts(campaignId, context);
    await context.client.campaigns.removeAccounts({ campaignId, linkedInAccountIds }, context.call);
    return accountsAnswer(campaignId, before, remaining(linkedInAccountIds), context);
  },
});
