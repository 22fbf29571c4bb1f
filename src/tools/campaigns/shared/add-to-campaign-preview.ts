import type { Campaign } from '../../../client/operations/campaigns.ts';
import type { SequenceNode } from '../../../client/operations/sequence.ts';
import type { Preview } from '../../../mcp/confirmation/preview.ts';
import { fewWarnings, titled } from '../../../mcp/confirmation/preview.ts';
import type { ToolContext } from '../../../mcp/tool.ts';
import { progressLine, showCampaign } from '../../../views/campaign.ts';
import { outlineSteps } from '../../../views/sequence-steps.ts';
import type { LeadRow } from '../../../workflows/leads/lead-input.ts';
import { checkOptOuts } from '../../../workflows/opt-outs/opt-outs.ts';
import { lintSequence } from '../../../workflows/sequence/lint.ts';
import { findingLine } from '../../../workflows/shared/finding.ts';
import { readListMembers } from '../../lists/shared/list-members.ts';
import { showList } from '../../lists/shared/list-usage.ts';
import { peopleOf, readAddRows, showRows } from '../../shared/added-rows-preview.ts';
import { knownRejection } from '../../shared/known-rejection.ts';
import { effectOfAdding } from './add-leads-effect.ts';
import { readCampaignBeforeWrite } from './campaign-status.ts';
import { describeSenders } from './senders.ts';

const SHOWN_ACCOUNTS = 20;

interface AddInput {
  campaignId: number;
  accountLeadPairs: { linkedInAccountId?: number | undefined; lead: LeadRow }[];
  resumeFinishedCampaign: boolean;
  resumePausedCampaign: boolean;
}

/**
 * Previews an add of leads: the people, their senders and what the resume flags do.
 * @throws HeyReachError `not_sent` if HeyReach is known to reject the call.
 */
export async function previewAddLeads(input: AddInput, context: ToolContext): Promise<Preview> {
  const { campaignId, accountLeadPairs } = input;
  const pinOf = (index: number) => accountLeadPairs[index]?.linkedInAccountId;
  const leads = accountLeadPairs.map(({ lead }) => lead);
  const read = readAddRows(leads, context);
  const campaign = await readCampaignBeforeWrite(campaignId, context);
  const pins = read.valid.map(pinOf);
  assertTakesLeads(campaignId, campaign, pins);
  const effect = effectOfAdding(campaign, input);
  const campaignAccounts = campaign.campaignAccountIds ?? [];
  const pinned = [...new Set(pins.filter((account) => account !== undefined))];
  const hasUnpinned = pins.includes(undefined);
  const unpinned = hasUnpinned || effect.resumes ? campaignAccounts.filter((account) => !pinned.includes(account)) : [];
  const { client, call } = context;
  const listId = campaign.linkedInUserListId ?? undefined;
  const [senders, sequence, list, members, optOuts] = await Promise.all([
    describeSenders([...pinned, ...unpinned], context),
    effect.contacts ? client.campaigns.getSequence({ campaignId }, call) : undefined,
    // A resumed campaign also takes the people added to its list in the meantime.
    effect.resumes && listId !== undefined ? client.lists.getById({ listId }, call) : undefined,
    // HeyReach also puts the leads of a campaign into its list.
    listId === undefined ? undefined : readListMembers(listId, context),
    checkOptOuts(peopleOf(leads, read), context),
  ]);
  const rows = showRows(leads, read, { members, pinOf });
  const { title, line, status, facts } = showCampaign(campaign, campaignId);
  return {
    question: `${rows.action} the campaign ${title}, which is ${status}${effect.questionEnd}?`,
    lines: [
      `Campaign: ${line}`,
      ...effect.lines,
      ...rows.lines,
      progressLine(campaign),
      ...(list === undefined ? [] : [showList(list, listId ?? 0).line]),
      ...pinnedLines(pinned, pins, senders.lines),
      ...unpinnedLines(hasUnpinned, pinned.length > 0, senders.lines.slice(pinned.length)),
      ...(effect.contacts ? titled('Steps', outlineSteps(sequence as SequenceNode | undefined)) : []),
    ],
    warnings: [
      ...optOuts.warnings,
      ...effect.warnings,
      ...(effect.contacts ? lintSequence(sequence).map(findingLine) : []),
      ...rows.warnings,
      ...fewWarnings(senders.warnings),
    ],
    people: rows.people,
    facts: {
      campaign: facts,
      contacts: effect.contacts,
      resumes: effect.resumes,
      senders: senders.facts,
      ...rows.facts,
    },
    boundState: {
      status: campaign.status,
      senders: senders.boundState,
      own: campaignAccounts.toSorted((a, b) => a - b),
      list: [listId, list?.totalItemsCount],
      sequence,
      optOuts: optOuts.boundState,
    },
  };
}

/** Statuses in which HeyReach adds no leads, and what to do instead. */
const CLOSED = new Map<string | null | undefined, string>(
  Object.entries({
    DRAFT: 'Add the people to its list with add_leads_to_list, then call start_campaign.',
    FAILED: 'Resume it with resume_campaign first, then call again.',
    CANCELED: 'Create a new campaign: a CANCELED one takes no leads.',
  }),
);

/** @throws HeyReachError `not_sent` if HeyReach is known to reject the leads. */
export function assertTakesLeads(
  campaignId: number,
  { status, campaignAccountIds: senders }: Campaign,
  pins: readonly (number | undefined)[],
): void {
  // A status can have the name of a member of every object.
  const instead = CLOSED.get(status);
  if (instead !== undefined) {
    throw knownRejection(`Campaign ${campaignId} is ${status}. HeyReach adds no leads to it`, instead);
  }
  if (senders == null) return;
  if (senders.length === 0) {
    throw knownRejection(
      `Campaign ${campaignId} has no sender. HeyReach adds no leads to it`,
      'Add one with add_campaign_accounts first, then call again.',
    );
  }
  const foreign = [...new Set(pins)].filter((pin) => pin !== undefined && !senders.includes(pin));
  if (foreign.length === 0) return;
  throw knownRejection(
    `Rows are pinned to a sender outside the campaign: LinkedIn account ${foreign.slice(0, SHOWN_ACCOUNTS).join(', ')}. HeyReach rejects them`,
    `Pin them to a sender of the campaign (${senders.slice(0, SHOWN_ACCOUNTS).join(', ')}), or omit linkedInAccountId.`,
  );
}

function pinnedLines(pinned: readonly number[], pins: readonly (number | undefined)[], names: readonly string[]) {
  if (pinned.length === 0) return [];
  const leadsOf = (account: number) => pins.filter((pin) => pin === account).length;
  return titled(
    'Senders that leads are pinned to',
    pinned.map((account, index) => `${names[index]}, leads: ${leadsOf(account)}`),
  );
}

function unpinnedLines(hasUnpinned: boolean, hasPinned: boolean, names: readonly string[]): string[] {
  if (hasUnpinned) return titled(`Senders that HeyReach distributes the ${hasPinned ? 'other ' : ''}leads to`, names);
  return names.length === 0 ? [] : titled('Other senders that continue', names);
}
