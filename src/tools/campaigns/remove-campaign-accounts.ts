import { defineTool } from '../../mcp/tool.ts';
import { accountsInput, accountsOutput, replaceAccounts, verifyAccounts } from './shared/campaign-accounts.ts';
import { previewRemove } from './shared/campaign-accounts-preview.ts';

const stillPresent = (removed: readonly number[]) => (after: readonly number[]) =>
  removed.filter((account) => after.includes(account));

export const removeCampaignAccounts = defineTool({
  name: 'remove_campaign_accounts',
  title: 'Remove campaign senders',
  description:
    'Removes senders from a DRAFT, SCHEDULED or PAUSED campaign and returns which were dropped. Leads they work on are stopped for good.',
  toolset: 'campaigns',
  risk: 'destructive',
  retry: 'idempotent',
  confirmation: 'always',
  input: () => accountsInput('Senders to remove'),
  output: accountsOutput,
  preview: previewRemove,
  verifyAfterRetry: ({ campaignId, linkedInAccountIds }, context) =>
    verifyAccounts(campaignId, stillPresent(linkedInAccountIds), context),
  run({ campaignId, linkedInAccountIds }, context) {
    const change = () => context.client.campaigns.removeAccounts({ campaignId, linkedInAccountIds }, context.call);
    return replaceAccounts(campaignId, change, stillPresent(linkedInAccountIds), context);
  },
});
