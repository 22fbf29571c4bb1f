import { HeyReachError } from '../../client/index.ts';
import type { Campaign } from '../../client/operations/campaigns.ts';
import { showConstant } from '../../lib/outside-text.ts';
import { readBeforeWrite } from '../../mcp/reads.ts';
import type { ToolContext } from '../../mcp/tool.ts';
import { isRunning } from '../campaigns/shared/campaign-status.ts';
import { readListUsage } from '../lists/shared/list-usage.ts';

const MAX_NAMED = 5;

/**
 * In mode draft people are added only to a list that feeds no campaign which runs or is about to run.
 * @throws HeyReachError `not_sent` for any other list, and for a list or campaign that cannot be read.
 */
export async function checkListInDraft({ listId }: { listId: number }, context: ToolContext): Promise<void> {
  const { running, unread } = await readBeforeWrite(readListUsage(listId, context));
  if (running.length + unread === 0) return;
  const named = running.slice(0, MAX_NAMED).map(nameOf);
  const others = running.length + unread - named.length;
  const campaigns = [...named, ...(others > 0 ? [`${others} more`] : [])].join(', ');
  throw contactInDraft(`List ${listId} feeds campaigns that run or are about to run: ${campaigns}.`);
}

interface AddInput {
  campaignId: number;
  resumeFinishedCampaign: boolean;
  resumePausedCampaign: boolean;
}

/**
 * In mode draft people are added only to a campaign that contacts no one. HeyReach also puts them into its list.
 * @throws HeyReachError `not_sent` for any other campaign, for a resume flag, and for a campaign that cannot be read.
 */
export async function checkCampaignInDraft(input: AddInput, context: ToolContext): Promise<void> {
  const { campaignId, resumeFinishedCampaign, resumePausedCampaign } = input;
  if (resumeFinishedCampaign || resumePausedCampaign) {
    throw contactInDraft('A resume flag is set, so the campaign could contact people.');
  }
  const { client, call } = context;
  const campaign = await readBeforeWrite(client.campaigns.getById({ campaignId }, call));
  if (campaign.status == null || isRunning(campaign)) {
    throw contactInDraft(`The target runs or is about to run: ${nameOf({ ...campaign, id: campaignId })}.`);
  }
  const listId = campaign.linkedInUserListId;
  if (listId != null) await checkListInDraft({ listId }, context);
}

function nameOf({ id, status }: Campaign): string {
  return `campaign ${id ?? 0} (${showConstant(status) || 'of unknown status'})`;
}

function contactInDraft(reason: string): HeyReachError {
  return new HeyReachError({
    kind: 'draft_mode',
    outcome: 'not_sent',
    message: `--mode draft adds no people where a campaign would contact them. ${reason}`,
    meaning: 'Nothing was sent.',
    nextStep: 'Use a list that feeds no such campaign, or pause the campaign with pause_campaign and call again.',
  });
}
