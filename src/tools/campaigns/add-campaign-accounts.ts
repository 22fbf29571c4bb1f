import { defineTool } from '../../mcp/tool.ts';
import { accountsInput, accountsOutput, accountsResult, verifyAccounts } from './shared/campaign-accounts.ts';

const missingFrom = (requested: readonly number[]) => (after: readonly number[]) =>
  requested.filter((account) => !after.includes(account));

export const addCampaignAccounts = defineTool({
  name: 'add_campaign_accounts',
  title: 'Add campaign senders',
  description:
    'Adds senders to a DRAFT, SCHEDULED or PAUSED campaign. Returns the senders read back, because HeyReach answers 200 even if one failed.',
  toolset: 'campaigns',
  risk: 'write',
  retry: 'idempotent',
  confirmation: 'never',
  input: () => accountsInput('Senders to add'),
  output: accountsOutput,
  verifyAfterRetry: ({ campaignId, linkedInAccountIds }, context) =>
    verifyAccounts(campaignId, missingFrom(linkedInAccountIds), context),
  async run({ campaignId, linkedInAccountIds }, context) {
    await context.client.campaigns.addAccounts({ campaignId, linkedInAccountIds }, context.call);
    return accountsResult(campaignId, undefined, missingFrom(linkedInAccountIds), context);
  },
});
