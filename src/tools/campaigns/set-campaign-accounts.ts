import { defineTool } from '../define.ts';
import { accountsAnswer, accountsInput, accountsOutput, isDone, replaceAccounts } from './accounts.ts';
import { previewSet } from './accounts-preview.ts';

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
  preview: previewSet,
  async readBack({ campaignId, linkedInAccountIds }, context) {
    const missed = differing(linkedInAccountIds);
    return (await isDone(campaignId, missed, context))
      ? accountsAnswer(campaignId, undefined, missed, context)
      : undefined;
  },
  run({ campaignId, linkedInAccountIds }, context) {
    const change = () => context.client.campaigns.updateAccounts({ campaignId, linkedInAccountIds }, context.call);
    return replaceAccounts(campaignId, change, differing(linkedInAccountIds), context);
  },
});
