import * as z from 'zod';
import { HeyReachError } from '../../client/index.ts';
import { id, ids } from '../../mcp/arguments/fields.ts';
import { defineTool, type ToolContext, type ToolOutput } from '../../mcp/tool.ts';
import { outcomesOutput } from '../../workflows/shared/outcomes.ts';
import { readBackCampaign, SETTLE_MS, statusOutput, statusResult } from './shared/campaign-status.ts';
import { pauseEach } from './shared/pause-each.ts';

/** Reads the status back, twice where the first read shows no pause: a stop that has no effect must be noticed. */
async function pausedResult(campaignId: number, context: ToolContext): Promise<ToolOutput> {
  let campaign = await readBackCampaign(campaignId, context);
  if (campaign !== undefined && campaign.status !== 'PAUSED') {
    await context.wait(SETTLE_MS);
    campaign = (await readBackCampaign(campaignId, context)) ?? campaign;
  }
  if (campaign === undefined || campaign.status === 'PAUSED') return statusResult(campaignId, campaign);
  const status = campaign.status ?? 'of unknown status';
  return statusResult(
    campaignId,
    campaign,
    `HeyReach accepted the pause, but the campaign is ${status}, not PAUSED. It may go on contacting people. Read it with get_campaign, and pause it again or in HeyReach if it is still not PAUSED.`,
  );
}

async function pauseOne(campaignId: number, context: ToolContext): Promise<ToolOutput> {
  try {
    await context.client.campaigns.pause({ campaignId }, context.call);
  } catch (error) {
    // HeyReach can answer 400 or 500 to a pause that took effect, so the status decides.
    if (!(error instanceof HeyReachError) || error.outcome === 'not_sent') throw error;
    if (error.outcome === 'refused' && error.status !== 400) throw error;
    const campaign = await readBackCampaign(campaignId, context);
    if (campaign?.status !== 'PAUSED') throw error;
    return statusResult(campaignId, campaign, `It is paused, although HeyReach answered: ${error.message}`);
  }
  return pausedResult(campaignId, context);
}

/** The result of a pause whose first attempt took effect, or undefined where the campaign is not paused. */
async function verifyPaused(campaignId: number, { client, call }: ToolContext): Promise<ToolOutput | undefined> {
  const campaign = await client.campaigns.getById({ campaignId }, call);
  return campaign.status === 'PAUSED'
    ? statusResult(campaignId, campaign, 'An earlier attempt of this call paused it.')
    : undefined;
}

export const pauseCampaign = defineTool({
  name: 'pause_campaign',
  title: 'Pause campaigns',
  description:
    'Pauses a STARTING or IN_PROGRESS campaign, or up to 20, so that it sends nothing more. Returns the status read back. Use resume_campaign to continue it.',
  toolset: 'campaigns',
  risk: 'stop',
  retry: 'idempotent',
  confirmation: 'never',
  input: () => ({
    campaignId: id('Campaign id; this or campaignIds').optional(),
    campaignIds: ids('Campaign ids', { min: 1, max: 20 }).optional(),
  }),
  check: ({ campaignId, campaignIds }) =>
    (campaignId === undefined) === (campaignIds === undefined)
      ? 'exactly one of campaignId and campaignIds is required'
      : undefined,
  output: () => statusOutput().partial().extend(z.object(outcomesOutput()).partial().shape),
  verifyAfterRetry: async ({ campaignId }, context) =>
    campaignId === undefined ? undefined : verifyPaused(campaignId, context),
  async run({ campaignId, campaignIds = [] }, context) {
    if (campaignId !== undefined) return pauseOne(campaignId, context);
    return pauseEach(campaignIds, { pause: pauseOne, verify: verifyPaused }, context);
  },
});
