import type { Campaign } from '../../../client/operations/campaigns.ts';
import { countNoun } from '../../../lib/text-format.ts';
import { fewWarnings, type Preview, titled } from '../../../mcp/confirmation/preview.ts';
import { optionalRead } from '../../../mcp/reads.ts';
import type { ToolContext } from '../../../mcp/tool.ts';
import { showCampaign } from '../../../views/campaign.ts';
import type { LeadRow } from '../../../workflows/leads/lead-input.ts';
import { checkOptOuts } from '../../../workflows/opt-outs/opt-outs.ts';
import { lintSequence } from '../../../workflows/sequence/lint.ts';
import { findingLine } from '../../../workflows/shared/finding.ts';
import { describeSenders } from '../../campaigns/shared/senders.ts';
import { peopleOf, readAddRows, showRows } from '../../shared/added-rows-preview.ts';
import { otherCampaignLines } from './list-campaigns.ts';
import { readListMembers } from './list-members.ts';
import { assertUserList, boundStateOf, readListUsage, showList, unreadLines } from './list-usage.ts';

/** Of how many campaigns the texts are checked. */
const MAX_CHECKED = 5;

/** What the texts of running campaigns leave unfilled. */
async function readTextWarnings(running: readonly Campaign[], { client, call }: ToolContext): Promise<string[]> {
  const checked = running.slice(0, MAX_CHECKED);
  const reads = checked.map(async (campaign) => {
    const sequence = await optionalRead(client.campaigns.getSequence({ campaignId: campaign.id ?? 0 }, call));
    // undefined also where the sequence could not be read.
    const findings = sequence === undefined ? [] : lintSequence(sequence);
    return findings.map((finding) => `${showCampaign(campaign).title}: ${findingLine(finding)}`);
  });
  return (await Promise.all(reads)).flat();
}

/**
 * Shows who would be added and which campaigns contact them. undefined when no campaign on the list is running.
 * @throws HeyReachError `not_sent` if HeyReach is known to reject the call.
 */
export async function previewAddToList(
  { listId, leads }: { listId: number; leads: LeadRow[] },
  context: ToolContext,
): Promise<Preview | undefined> {
  const read = readAddRows(leads, context);
  const usage = await readListUsage(listId, context);
  const { list, running, unread } = usage;
  assertUserList(list);
  const count = running.length + unread;
  if (count === 0) return undefined;
  const shown = running.map((campaign) => showCampaign(campaign));
  const accounts = new Set(running.flatMap(({ campaignAccountIds }) => campaignAccountIds ?? []));
  const [senders, members, textWarnings, optOuts] = await Promise.all([
    describeSenders([...accounts], context),
    readListMembers(listId, context),
    readTextWarnings(running, context),
    checkOptOuts(peopleOf(leads, read), context),
  ]);
  const rows = showRows(leads, read, { members });
  const { title, line, facts } = showList(list, listId);
  return {
    question: `${rows.action} the list ${title}, used by ${countNoun(count, 'campaign')} that will contact them?`,
    lines: [
      line,
      ...titled(
        'Campaigns that will contact them',
        shown.map((campaign) => campaign.line),
      ),
      ...unreadLines(usage),
      ...otherCampaignLines(usage.campaigns),
      ...rows.lines,
      ...titled('Their senders', senders.lines),
    ],
    warnings: [
      ...optOuts.warnings,
      'These campaigns contact the new leads automatically. A SCHEDULED campaign does so once it starts.',
      ...fewWarnings(textWarnings),
      ...rows.warnings,
      ...fewWarnings(senders.warnings),
    ],
    people: rows.people,
    facts: {
      list: facts,
      campaigns: shown.map((campaign) => campaign.facts),
      ...(unread === 0 ? {} : { moreCampaigns: unread }),
      senders: senders.facts,
      ...rows.facts,
    },
    boundState: {
      running: boundStateOf(running, unread),
      senders: senders.boundState,
      optOuts: optOuts.boundState,
    },
  };
}
