import type { SequenceNode } from '../../client/operations/sequence.ts';
import { showRows } from '../add-leads-preview.ts';
import type { ToolContext } from '../define.ts';
import type { LeadRow } from '../lead-input.ts';
import { showList } from '../lists/feeds.ts';
import type { Preview } from '../preview.ts';
import { fewWarnings, titled } from '../preview-lines.ts';
import { outlookOf } from './add-outlook.ts';
import { progressLine, showCampaign } from './campaign-lines.ts';
import { readCampaignFirst } from './read-status.ts';
import { readSenders } from './senders.ts';
import { outlineSteps } from './sequence-steps.ts';

interface AddInput {
  campaignId: number;
  accountLeadPairs: { linkedInAccountId?: number | undefined; lead: LeadRow }[];
  resumeFinishedCampaign: boolean;
  resumePausedCampaign: boolean;
}

/** Who would be added to a campaign, by whom they are contacted, and what the resume flags do. */
export async function previewAdd(input: AddInput, context: ToolContext): Promise<Preview> {
  const { campaignId, accountLeadPairs } = input;
  const pinOf = (index: number) => accountLeadPairs[index]?.linkedInAccountId;
  const leads = accountLeadPairs.map(({ lead }) => lead);
  const rows = showRows(leads, pinOf);
  const campaign = await readCampaignFirst(campaignId, context);
  const outlook = outlookOf(campaign, input);
  const own = campaign.campaignAccountIds ?? [];
  const pins = rows.good.map(pinOf);
  const pinned = [...new Set(pins.filter((account) => account !== undefined))];
  const hasUnpinned = pins.includes(undefined);
  const others = hasUnpinned || outlook.resumes ? own.filter((account) => !pinned.includes(account)) : [];
  const { client, call } = context;
  const listId = campaign.linkedInUserListId ?? undefined;
  const [senders, sequence, list] = await Promise.all([
    readSenders([...pinned, ...others], context),
    outlook.contacts ? client.campaigns.getSequence({ campaignId }, call) : undefined,
    // A campaign that goes on takes in what its list has got meanwhile.
    outlook.resumes && listId !== undefined ? client.lists.getById({ listId }, call) : undefined,
  ]);
  const { title, line, status, facts } = showCampaign(campaign, campaignId);
  const foreign = campaign.campaignAccountIds == null ? [] : pinned.filter((account) => !own.includes(account));
  return {
    question: `Add ${rows.people} to the campaign ${title}, which is ${status}${outlook.end}?`,
    lines: [
      `Campaign: ${line}`,
      ...outlook.lines,
      progressLine(campaign),
      ...(list === undefined ? [] : [showList(list, listId ?? 0).line]),
      ...pinnedLines(pinned, pins, senders.lines),
      ...otherLines(hasUnpinned, senders.lines.slice(pinned.length)),
      ...(outlook.contacts ? titled('Steps', outlineSteps(sequence as SequenceNode | undefined)) : []),
      ...rows.lines,
    ],
    warnings: [
      ...outlook.warnings,
      ...(foreign.length === 0
        ? []
        : [
            `HeyReach will refuse leads pinned to a sender that is not of the campaign: LinkedIn account ${foreign.slice(0, 20).join(', ')}.`,
          ]),
      ...rows.warnings,
      ...fewWarnings(senders.warnings),
    ],
    facts: {
      campaign: facts,
      contacts: outlook.contacts,
      resumes: outlook.resumes,
      senders: senders.facts,
      ...rows.facts,
    },
    binds: {
      status: campaign.status,
      senders: senders.binds,
      own: own.toSorted((a, b) => a - b),
      list: [listId, list?.totalItemsCount],
      sequence,
    },
  };
}

type Pin = number | undefined;

function pinnedLines(pinned: readonly number[], pins: readonly Pin[], names: readonly string[]): string[] {
  const leadsOf = (account: number) => pins.filter((pin) => pin === account).length;
  const rows = pinned.map((account, at) => `${names[at]}, leads: ${leadsOf(account)}`);
  return rows.length === 0 ? [] : titled('Senders that leads are pinned to', rows);
}

function otherLines(hasUnpinned: boolean, names: readonly string[]): string[] {
  if (hasUnpinned) return titled('Senders among whom HeyReach distributes the rest', names);
  return names.length === 0 ? [] : titled('Further senders, who go on as well', names);
}
