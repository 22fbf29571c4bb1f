import { defineTool } from '../define.ts';
import { accountsAnswer, accountsInput, accountsOutput, isDone, replaceAccounts } from './accounts.ts';
import { previewRemove } from './accounts-preview.ts';

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
  preview: previewRemove,
  async readBack({ campaignId, linkedInAccountIds }, context) {
    const missed = remaining(linkedInAccountIds);
    return (await isDone(campaignId, missed, context))
      ? accountsAnswer(campaignId, undefined, missed, context)
      : undefined;
  },
  run({ campaignId, linkedInAccountIds }, context) {
    const change = () => context.client.campaigns.removeAccounts({ campaignId, linkedInAccountIds }, context.call);
    return replaceAccounts(campaignId, change, remaining(linkedInAccountIds), context);
  },
});
