import * as z from 'zod';
import type { Campaign } from '../../../client/operations/campaigns.ts';
import { lazy } from '../../../lib/lazy.ts';
import { readBeforeWrite } from '../../../mcp/reads.ts';
import type { ToolContext, ToolOutput } from '../../../mcp/tool.ts';
import { previewJobOutputs } from '../../../workflows/jobs/job-answer.ts';
import { isRunning } from '../../../workflows/leads/campaign-reach.ts';

export { isRunning };

/** The output of tools that change a campaign's status. */
export const statusOutput = lazy(() =>
  z.looseObject({
    campaignId: z.number(),
    name: z.string().nullish(),
    status: z.string().describe('as read back after the change; unknown if it could not be read'),
    note: z.string().optional(),
  }),
);

/** The output of tools that let a campaign contact people. Their previews can go on as a job. */
export const runOutput = lazy(() => statusOutput().extend(previewJobOutputs()));

/** A campaign without leads to contact accepts a start, runs for about a second and pauses itself. */
export const SETTLE_MS = 1_600;

/** HeyReach changes senders and settings only in these statuses. */
export const EDITABLE_STATUSES: readonly string[] = ['DRAFT', 'SCHEDULED', 'PAUSED'];

/** What such a change does to a SCHEDULED campaign, as a preview says it. */
export const BECOMES_DRAFT =
  'The SCHEDULED campaign becomes a DRAFT. It does not begin on its date unless it is started again.';

/** What to do about a campaign that HeyReach does not let change in its status. */
export function nextStepWhileLocked(status: string): string {
  return status === 'STARTING' || status === 'IN_PROGRESS'
    ? 'Pause it with pause_campaign first, then call again.'
    : 'Create a new campaign with the settings you want: this one can no longer be changed.';
}

/**
 * Reads a campaign before a change. The preview and the change share one read.
 * @throws HeyReachError `not_sent` if the read fails without a response, because the change was not sent.
 */
export function readCampaignBeforeWrite(
  campaignId: number,
  { client, call, memoizedRead }: ToolContext,
): Promise<Campaign> {
  return memoizedRead(`campaign ${campaignId}`, () => readBeforeWrite(client.campaigns.getById({ campaignId }, call)));
}

/** Reads a campaign after a change. Returns undefined if the read fails, because the change itself succeeded. */
export async function readBackCampaign(
  campaignId: number,
  { client, call }: ToolContext,
): Promise<Campaign | undefined> {
  try {
    return await client.campaigns.getById({ campaignId }, call);
  } catch {
    return undefined;
  }
}

/** The result of a tool that changes a campaign's status. */
export function statusResult(campaignId: number, campaign: Campaign | undefined, note?: string): ToolOutput {
  const unread = 'HeyReach accepted the change, but the campaign could not be read back.';
  const notes = [note, campaign === undefined ? unread : undefined].filter((text) => text !== undefined);
  return {
    data: {
      campaignId,
      ...(campaign?.name == null ? {} : { name: campaign.name }),
      status: campaign?.status ?? 'unknown',
      ...(notes.length === 0 ? {} : { note: notes.join(' ') }),
    },
  };
}

/** The result of a start or a resume, read when the status has settled. */
export async function settledStatusResult(campaignId: number, context: ToolContext): Promise<ToolOutput> {
  await context.wait(SETTLE_MS);
  const campaign = await readBackCampaign(campaignId, context);
  return statusResult(campaignId, campaign, noteOnStopped(campaign));
}

function noteOnStopped(campaign: Campaign | undefined): string | undefined {
  if (campaign === undefined || isRunning(campaign)) return undefined;
  if (campaign.status !== 'PAUSED') return `HeyReach accepted the call, but the campaign is ${campaign.status}.`;
  return 'HeyReach accepted the call, but the campaign paused itself because it has no leads to contact. Add leads, then resume it.';
}
