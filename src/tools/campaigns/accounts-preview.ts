import { HeyReachError } from '../../client/index.ts';
import type { Campaign } from '../../client/operations/campaigns.ts';
import type { ToolContext } from '../define.ts';
import { counted, type Preview } from '../preview.ts';
import { fewWarnings, titled } from '../preview-lines.ts';
import { progressLine, showCampaign } from './campaign-lines.ts';
import { readCampaignFirst } from './read-status.ts';
import { readSenders } from './senders.ts';

interface Input {
  campaignId: number;
  linkedInAccountIds: number[];
}

/** Whom a campaign keeps, gets and loses when its senders are replaced. */
export function previewSet(input: Input, context: ToolContext): Promise<Preview> {
  return previewChange(input, () => [...new Set(input.linkedInAccountIds)], context);
}

/** Whom a campaign keeps and loses when senders are removed. */
export function previewRemove(input: Input, context: ToolContext): Promise<Preview> {
  const isMeant = (account: number) => input.linkedInAccountIds.includes(account);
  return previewChange(input, (before) => before.filter((account) => !isMeant(account)), context);
}

const EDITABLE = ['DRAFT', 'SCHEDULED', 'PAUSED'];

async function previewChange(
  { campaignId, linkedInAccountIds }: Input,
  change: (before: number[]) => number[],
  context: ToolContext,
): Promise<Preview> {
  const campaign = await readCampaignFirst(campaignId, context);
  const before = sendersOf(campaign);
  const after = change(before);
  const stay = before.filter((account) => after.includes(account));
  const added = after.filter((account) => !before.includes(account));
  const dropped = before.filter((account) => !after.includes(account));
  const absent = linkedInAccountIds.filter((account) => !before.includes(account) && !after.includes(account));
  const senders = await readSenders([...stay, ...added, ...dropped], context);
  const parts = <Row>(rows: Row[]) => ({
    stay: rows.slice(0, stay.length),
    added: rows.slice(stay.length, after.length),
    dropped: rows.slice(after.length),
  });
  const lines = parts(senders.lines);
  const { title, line, status, facts } = showCampaign(campaign, campaignId);
  const size = (accounts: number[]) => counted(accounts.length, 'sender');
  const warnings: [boolean, string][] = [
    [dropped.length > 0, 'Leads that a dropped sender works on are stopped for good. Nothing brings them back.'],
    [after.length === 0, 'No sender would be left: HeyReach may refuse to remove the last one.'],
    [
      absent.length > 0,
      `Not among the campaign's senders, so there is nothing to remove: LinkedIn account ${absent.join(', ')}.`,
    ],
    [
      campaign.status === 'SCHEDULED',
      'It becomes a DRAFT by this, and does not begin on its date unless it is started again.',
    ],
    [
      !EDITABLE.includes(status),
      `It is ${status}: HeyReach changes senders only of a DRAFT, SCHEDULED or PAUSED campaign, and will refuse.`,
    ],
  ];
  return {
    question: `Change the senders of the campaign ${title}: drop ${size(dropped)}, add ${added.length}, keep ${stay.length}?`,
    lines: [
      `Campaign: ${line}`,
      progressLine(campaign),
      ...titled('Senders dropped', lines.dropped),
      ...titled('Senders added', lines.added),
      ...titled('Senders that stay', lines.stay),
    ],
    warnings: [...warnings.filter(([holds]) => holds).map(([, said]) => said), ...fewWarnings(senders.warnings)],
    facts: { campaign: facts, ...parts(senders.facts) },
    binds: { status: campaign.status, before: before.toSorted((a, b) => a - b), senders: senders.binds },
  };
}

/** @throws HeyReachError `not_sent` where HeyReach does not say them: nobody could tell who is dropped. */
function sendersOf({ campaignAccountIds }: Campaign): number[] {
  if (campaignAccountIds != null) return campaignAccountIds;
  throw new HeyReachError({
    kind: 'unreadable_answer',
    outcome: 'not_sent',
    message: 'HeyReach did not say the present senders of the campaign',
    meaning: 'Nobody could tell who would be dropped, so nothing was changed.',
    nextStep: 'Read the campaign with get_campaign; call again once campaignAccountIds is there.',
  });
}
