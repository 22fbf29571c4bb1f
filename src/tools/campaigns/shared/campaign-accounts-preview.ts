import { HeyReachError } from '../../../client/index.ts';
import type { Campaign } from '../../../client/operations/campaigns.ts';
import { countNoun, linesIf, SHOWN_ROWS } from '../../../lib/text-format.ts';
import { fewWarnings, type Preview, titled } from '../../../mcp/confirmation/preview.ts';
import type { ToolContext } from '../../../mcp/tool.ts';
import { progressLine, showCampaign } from '../../../views/campaign.ts';
import { knownRejection } from '../../shared/known-rejection.ts';
import { BECOMES_DRAFT, EDITABLE_STATUSES, nextStepWhileLocked, readCampaignBeforeWrite } from './campaign-status.ts';
import { describeSenders, type Senders } from './senders.ts';

interface AccountsInput {
  campaignId: number;
  linkedInAccountIds: number[];
}

/** Previews a replacement of all senders: which are kept, added and dropped. */
export function previewSet(input: AccountsInput, context: ToolContext): Promise<Preview> {
  return previewChange(input, () => [...new Set(input.linkedInAccountIds)], { context, check: assertUsable });
}

/** Previews a removal of senders: which are kept and dropped. */
export function previewRemove(input: AccountsInput, context: ToolContext): Promise<Preview> {
  const isRemoved = (account: number) => input.linkedInAccountIds.includes(account);
  return previewChange(input, (before) => before.filter((account) => !isRemoved(account)), { context });
}

async function previewChange(
  { campaignId, linkedInAccountIds }: AccountsInput,
  change: (before: number[]) => number[],
  { context, check }: { context: ToolContext; check?: typeof assertUsable },
): Promise<Preview> {
  const campaign = await readCampaignBeforeWrite(campaignId, context);
  const before = sendersOf(campaign);
  const after = change(before);
  const stay = before.filter((account) => after.includes(account));
  const added = after.filter((account) => !before.includes(account));
  const dropped = before.filter((account) => !after.includes(account));
  assertEditable(campaignId, campaign);
  const absent = linkedInAccountIds.filter((account) => !before.includes(account) && !after.includes(account));
  const senders = await describeSenders([...stay, ...added, ...dropped], context);
  check?.(after, senders);
  const groups = <Row>(rows: Row[]) => ({
    stay: rows.slice(0, stay.length),
    added: rows.slice(stay.length, after.length),
    dropped: rows.slice(after.length),
  });
  const lines = groups(senders.lines);
  const { title, line, facts } = showCampaign(campaign, campaignId);
  return {
    question: `Change the senders of the campaign ${title}: drop ${countNoun(dropped.length, 'sender')}, add ${added.length}, keep ${stay.length}?`,
    lines: [
      `Campaign: ${line}`,
      progressLine(campaign),
      ...titled('Senders dropped', lines.dropped),
      ...titled('Senders added', lines.added),
      ...titled('Senders that stay', lines.stay),
    ],
    warnings: [
      ...linesIf(dropped.length > 0, 'Leads that a dropped sender works on are stopped. This cannot be undone.'),
      ...linesIf(after.length === 0, 'No sender would be left. HeyReach may reject the removal of the last one.'),
      ...linesIf(
        absent.length > 0,
        `Not a sender of the campaign, so there is nothing to remove: LinkedIn account ${absent.join(', ')}.`,
      ),
      ...linesIf(campaign.status === 'SCHEDULED', BECOMES_DRAFT),
      ...fewWarnings(senders.warnings),
    ],
    facts: { campaign: facts, ...groups(senders.facts) },
    boundState: { status: campaign.status, before: before.toSorted((a, b) => a - b), senders: senders.boundState },
  };
}

/** @throws HeyReachError `not_sent` in a status in which HeyReach rejects a change of senders. */
function assertEditable(campaignId: number, { status }: Campaign): void {
  if (status == null || EDITABLE_STATUSES.includes(status)) return;
  throw knownRejection(
    `Campaign ${campaignId} is ${status}. HeyReach changes senders only of a DRAFT, SCHEDULED or PAUSED campaign`,
    nextStepWhileLocked(status),
  );
}

/** @throws HeyReachError `not_sent` if HeyReach would reject one of the senders. */
function assertUsable(requested: readonly number[], { missing, loggedOut }: Senders): void {
  const unusable = requested.filter((id) => missing.includes(id) || loggedOut.includes(id));
  if (unusable.length === 0) return;
  throw knownRejection(
    `HeyReach rejects a sender that the workspace does not have or whose login is invalid: LinkedIn account ${unusable.slice(0, SHOWN_ROWS).join(', ')}`,
    'Find senders with a valid login with list_linkedin_accounts, and call again without the others.',
  );
}

/** @throws HeyReachError `not_sent` if HeyReach did not return the senders, because the dropped ones are then unknown. */
function sendersOf({ campaignAccountIds }: Campaign): number[] {
  if (campaignAccountIds != null) return campaignAccountIds;
  throw new HeyReachError({
    kind: 'unreadable_answer',
    outcome: 'not_sent',
    message: 'HeyReach did not return the present senders of the campaign',
    meaning: 'The dropped senders cannot be determined, so nothing was changed.',
    nextStep: 'Read the campaign with get_campaign. Call again once campaignAccountIds is there.',
  });
}
