import { defineTool } from '../../mcp/tool.ts';
import { accountsInput, accountsOutput, replaceAccounts, verifyAccounts } from './shared/campaign-accounts.ts';
import { previewSet } from './shared/campaign-accounts-preview.ts';

/** Requested senders that are missing, and other senders that are still there. */
const differencesFrom = (requested: readonly number[]) => (after: readonly number[]) => [
  ...requested.filter((account) => !after.includes(account)),
  ...after.filter((account) => !requested.includes(account)),
];

export const setCampaignAccounts = defineTool({
  name: 'set_campaign_accounts',
  title: 'Replace campaign senders',
  description:
    'Replaces all senders of a DRAFT, SCHEDULED or PAUSED campaign and returns which were dropped. Leads that a dropped sender works on are stopped for good. Use add_campaign_accounts to keep the others.',
  toolset: 'campaigns',
  risk: 'destructive',
  retry: 'idempotent',
  confirmation: 'always',
  input: () => accountsInput('All senders of the campaign'),
  output: accountsOutput,
  preview: previewSet,
  verifyAfterRetry: ({ campaignId, linkedInAccountIds }, context) =>
    verifyAccounts(campaignId, differencesFrom(linkedInAccountIds), context),
  run({ campaignId, linkedInAccountIds }, context) {
    const change = () => context.client.campaigns.updateAccounts({ campaignId, linkedInAccountIds }, context.call);
    return replaceAccounts(campaignId, change, differencesFrom(linkedInAccountIds), context);
  },
});
