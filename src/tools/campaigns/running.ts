import type { Campaign } from '../../client/operations/campaigns.ts';
import type { ToolAnswer, ToolContext } from '../define.ts';
import { readBackCampaign, statusAnswer } from './read-status.ts';

/** A campaign without runnable leads answers 200, runs for about a second and pauses itself. */
export const SETTLES_AFTER_MS = 1_600;
const RUNNING = new Set(['STARTING', 'IN_PROGRESS', 'SCHEDULED']);

/** Reads the status that a start or a resume came to, late enough for the campaign to have settled. */
export async function settledAnswer(campaignId: number, context: ToolContext): Promise<ToolAnswer> {
  await context.wait(SETTLES_AFTER_MS);
  const found = await readBackCampaign(campaignId, context);
  return statusAnswer(campaignId, found, noteOn(found));
}

export function isRunning(campaign: Campaign | undefined): boolean {
  return RUNNING.has(campaign?.status ?? '');
}

function noteOn(found: Campaign | undefined): string | undefined {
  if (found === undefined || isRunning(found)) return undefined;
  if (found.status !== 'PAUSED') return `HeyReach accepted the call, and the campaign reads ${found.status}.`;
  return 'HeyReach accepted the call, and the campaign paused itself: it has nobody to contact. Add leads, then resume it.';
}
