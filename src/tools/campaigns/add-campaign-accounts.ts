import { defineTool } from '../define.ts';
import { accountsAnswer, accountsInput, accountsOutput, isDone } from './accounts.ts';

const missing = (wanted: readonly number[]) => (after: readonly number[]) =>
  wanted.filter((account) => !after.includes(account));

export const addCampaignAccounts = defineTool({
  name: 'add_campaign_accounts',
  title: 'Add campaign senders',
  description:
    'Adds senders to a DRAFT, SCHEDULED or PAUSED campaign and reads it back, since HeyReach answers 200 even when an account failed.',
  toolset: 'campaigns',
  kind: 'write',
  repeat: 'same',
  asks: 'no',
  input: accountsInput('Senders to add'),
  output: accountsOutput,
  async readBack({ campaignId, linkedInAccountIds }, context) {
    const done = await isDone(campaignId, missing(linkedInAccountIds), context);
    return done ? accountsAnswer(campaignId, undefined, missing(linkedInAccountIds), context) : undefined;
  },
  async run({ campaignId, linkedInAccountIds }, context) {
    await context.client.campaigns.addAccounts({ campaignId, linkedInAccountIds }, context.call);
    return accountsAnswer(campaignId, undefined, missing(linkedInAccountIds), context);
  },
});
