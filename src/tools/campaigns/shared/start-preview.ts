import type { Campaign } from '../../../client/operations/campaigns.ts';
import type { SequenceNode } from '../../../client/operations/sequence.ts';
import { quoteName } from '../../../lib/outside-text.ts';
import { countNoun, inline, linesIf, SHOWN_ROWS } from '../../../lib/text-format.ts';
import { type Preview, titled } from '../../../mcp/confirmation/preview.ts';
import type { ToolContext } from '../../../mcp/tool.ts';
import { showCampaign } from '../../../views/campaign.ts';
import { leftOutUrls, peopleRows, showPerson } from '../../../views/people.ts';
import { outlineSteps } from '../../../views/sequence-steps.ts';
import type { Capacity } from '../../../workflows/campaign-check/capacity.ts';
import { checkParts, findingsOf } from '../../../workflows/campaign-check/check-campaign.ts';
import { lastSchedule } from '../../../workflows/campaign-check/last-schedules.ts';
import { readOverlap, UNCHECKABLE } from '../../../workflows/campaign-check/overlap.ts';
import { readListLeads } from '../../../workflows/campaign-check/read-parts.ts';
import { unfinishedLeads } from '../../../workflows/campaign-check/status.ts';
import type { OverlapResult } from '../../../workflows/people-index/overlap.ts';
import { findingLine } from '../../../workflows/shared/finding.ts';
import { assertReady, assertRunnable, type Verb } from './run-rejections.ts';
import { describeSenders } from './senders.ts';

/**
 * Previews a start or a resume: status, how many people, which senders, which texts, what the checks of check_campaign find,
 * and a few people.
 * @throws HeyReachError `not_sent` if HeyReach is known to reject the call.
 */
export async function previewRun(verb: Verb, campaignId: number, context: ToolContext): Promise<Preview> {
  const { client, call } = context;
  const campaign = await client.campaigns.getById({ campaignId }, call);
  assertRunnable(verb, campaignId, campaign);
  const ids = campaign.campaignAccountIds ?? [];
  const [senders, list, sequence] = await Promise.all([
    describeSenders(ids, context),
    readList(campaign.linkedInUserListId ?? undefined, context),
    client.campaigns.getSequence({ campaignId }, call),
  ]);
  if (verb === 'Start') assertReady(campaignId, campaign, { senders, hasSequence: sequence !== undefined });
  const overlap = await readOverlap({ ...campaign, id: campaignId }, list?.read.members ?? [], context);
  const checks = checkParts(
    campaign,
    {
      sequence: (sequence ?? null) as SequenceNode | null,
      list: list?.read ?? null,
      senders: { ids, accounts: senders.accounts },
    },
    { overlap, schedule: lastSchedule(client, campaignId), doNotContact: context.doNotContact },
  );
  const linesOf = (severity: string) =>
    findingsOf(checks)
      .filter((finding) => finding.severity === severity)
      .map(findingLine);
  const stops = linesOf('stop');
  const leads = verb === 'Start' ? list?.size : leadsToContinue(campaign);
  const steps = outlineSteps(sequence as SequenceNode | undefined);
  const { title, line, facts } = showCampaign(campaign, campaignId);
  return {
    question: `${verb} the campaign ${title}, so that it contacts people?`,
    lines: [
      ...stops,
      `Campaign: ${line}`,
      `Leads to contact: ${leads ?? 'unknown'}${list?.title ?? ''}`,
      ...workLines(checks.capacity.facts),
      ...titled('Senders', senders.lines),
      ...titled('Steps', steps),
    ],
    warnings: [...linesOf('warn'), ...overlapWarnings(overlap), ...(list?.warnings ?? [])],
    people: list?.peopleLines ?? [],
    facts: {
      campaign: facts,
      leads: leads ?? null,
      ...(list === undefined ? {} : { list: list.facts }),
      senders: senders.facts,
      steps: steps.length,
      days: checks.capacity.facts.days,
      ...(stops.length === 0 ? {} : { stops }),
    },
    boundState: {
      status: campaign.status,
      senders: senders.boundState,
      list: list?.facts.listId,
      // In a stopped campaign, new leads are people not shown here.
      size: list?.size,
      people: list?.people,
      sequence,
    },
  };
}

/** A preview never says that no one overlaps where that was not checked. */
function overlapWarnings(overlap: OverlapResult | undefined): string[] {
  const isChecked = overlap === undefined || (overlap.state === 'checked' && overlap.incomplete.length === 0);
  const uncheckable = overlap?.state === 'checked' ? overlap.uncheckable : 0;
  const blacklisted = overlap?.state === 'checked' ? (overlap.blacklisted?.count ?? 0) : 0;
  return [
    ...linesIf(
      !isChecked,
      'Whether leads are in other campaigns or conversations was not checked. check_campaign does.',
    ),
    ...linesIf(blacklisted > 0, `Leads on the blacklist, whom HeyReach excludes: ${blacklisted}.`),
    ...linesIf(
      uncheckable > 0,
      `${countNoun(uncheckable, 'lead')} cannot be compared with other campaigns and conversations: ${UNCHECKABLE}.`,
    ),
  ];
}

/** How long the work takes, where it is known. */
function workLines({ leads, perDay, actions, days }: Capacity): string[] {
  if (leads === null || perDay === null || days === null || days === 0) return [];
  return [
    `Work: ${countNoun(days, 'day')} for ${countNoun(leads, 'lead')} at ${perDay} ${actions} a day, if its senders work for no other campaign`,
  ];
}

/** The list of a campaign, the leads that are checked, and its first people by name. */
async function readList(listId: number | undefined, { client, call }: ToolContext) {
  if (listId === undefined) return undefined;
  const [list, leads] = await Promise.all([
    client.lists.getById({ listId }, call),
    // Without the leads the preview still has the count.
    readListLeads(listId, client, call),
  ]);
  const size = list.totalItemsCount ?? undefined;
  const members = leads.ok ? leads.value.rows : [];
  const people = members.slice(0, SHOWN_ROWS).map(showPerson);
  const count = size === undefined ? 'an unknown number of leads' : countNoun(size, 'lead');
  const rows = people.map(({ line }) => line || 'a person without a name');
  return {
    read: { list, members, isAll: size === members.length },
    size,
    title: `, of ${count} in the list ${quoteName(list.name) || listId}`,
    peopleLines: rows.length === 0 ? [] : ['In its list:', ...peopleRows(rows, size ?? rows.length)],
    warnings: [
      ...linesIf(
        size === undefined || size > members.length,
        `Only ${members.length} of ${count} were checked. check_campaign checks all.`,
      ),
      ...leftOutUrls(people.filter(({ isUrlLeftOut }) => isUrlLeftOut).length),
    ],
    people: people.map(({ facts }) => facts),
    facts: { listId, name: inline(list.name), totalItemsCount: size },
  };
}

/** The leads that a resume goes on with. */
function leadsToContinue(campaign: Campaign): number | undefined {
  const { pending, inProgress } = unfinishedLeads(campaign);
  return pending === null || inProgress === null ? undefined : pending + inProgress;
}
