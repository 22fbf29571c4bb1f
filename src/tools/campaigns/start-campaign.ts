import { id } from '../../mcp/arguments/fields.ts';
import { defineTool } from '../../mcp/tool.ts';
import { isRunning, runOutput, SETTLE_MS, settledStatusResult, statusResult } from './shared/campaign-status.ts';
import { previewRun } from './shared/start-preview.ts';

/** How recent a start counts as the start of this call. */
const MAX_START_AGE_MS = 120_000;

export const startCampaign = defineTool({
  name: 'start_campaign',
  title: 'Start a campaign',
  description:
    'Starts a DRAFT campaign, which then contacts the people of its list. Returns the status after 1.6 s: with an empty list it pauses itself. Use resume_campaign for a paused, finished or failed one.',
  toolset: 'campaigns',
  risk: 'outreach',
  retry: 'idempotent',
  confirmation: 'always',
  input: () => ({ campaignId: id('Campaign id') }),
  output: runOutput,
  // It compares the leads with the whole workspace.
  previewMayTakeLong: true,
  preview: ({ campaignId }, context) => previewRun('Start', campaignId, context),
  async verifyAfterRetry({ campaignId }, { client, call, wait }) {
    await wait(SETTLE_MS);
    const campaign = await client.campaigns.getById({ campaignId }, call);
    // A campaign that paused itself because it has no leads was started too.
    const startedNow = Date.now() - Date.parse(campaign.startedAt ?? '') < MAX_START_AGE_MS;
    return isRunning(campaign) || startedNow
      ? statusResult(campaignId, campaign, 'An earlier attempt of this call started it.')
      : undefined;
  },
  nextStep: (error) =>
    error.status === 400
      ? 'Read the campaign with get_campaign and get_campaign_sequence: a start needs a DRAFT with a sequence, a connected sender and a list. Use resume_campaign for PAUSED, FINISHED and FAILED.'
      : undefined,
  async run({ campaignId }, context) {
    await context.client.campaigns.start({ campaignId }, context.call);
    return settledStatusResult(campaignId, context);
  },
});
