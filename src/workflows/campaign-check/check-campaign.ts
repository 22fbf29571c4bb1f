import type { Campaign } from '../../client/operations/campaigns.ts';
import type { SequenceNode } from '../../client/operations/sequence.ts';
import { countNoun } from '../../lib/text-format.ts';
import type { ToolContext } from '../../mcp/tool.ts';
import type { DoNotContact } from '../../safety/do-not-contact.ts';
import type { OverlapResult } from '../people-index/overlap.ts';
import { needsOf } from '../senders/step-needs.ts';
import { renderSequence } from '../sequence/render.ts';
import type { Finding } from '../shared/finding.ts';
import { incompleteIf, type MissingPart } from '../shared/incomplete.ts';
import { toTable } from '../shared/table.ts';
import { startWork } from '../shared/work-time.ts';
import { checkCapacity } from './capacity.ts';
import { lastSchedule, type SetSchedule } from './last-schedules.ts';
import { checkList, type ListRead, navigatorLeads } from './list.ts';
import { type CampaignCheck, type CheckState, checked, unreadIf } from './outcome.ts';
import { checkOverlap, readOverlap, UNCHECKABLE } from './overlap.ts';
import { type CampaignParts, readCampaignParts } from './read-parts.ts';
import { checkSchedule } from './schedule.ts';
import { checkSenders } from './senders.ts';
import { checkSequenceTexts } from './sequence.ts';
import { checkStatus, isActive, isDraft, unfinishedLeads } from './status.ts';

/** Which campaign to check, and what to show of its texts. */
export interface CampaignCheckRequest {
  campaignId: number;
  /** Checked in place of the campaign's own sequence. */
  sequence?: SequenceNode | undefined;
  /** For how many leads the texts are written out. */
  render: number;
}

/**
 * Checks a campaign before it starts: one read of each part, and the people index.
 * @throws HeyReachError where the campaign itself cannot be read.
 */
export async function checkCampaign({ campaignId, sequence, render }: CampaignCheckRequest, context: ToolContext) {
  const { client } = context;
  const time = startWork(context.call);
  const campaign = { ...(await client.campaigns.getById({ campaignId }, time.call)), id: campaignId };
  const parts = await readCampaignParts(campaign, sequence, client, time);
  const overlap = await readOverlap(campaign, parts.list?.members ?? [], context);
  const { doNotContact } = context;
  const checks = checkParts(campaign, parts, { overlap, schedule: lastSchedule(client, campaignId), doNotContact });
  const members = parts.list?.members ?? [];
  return {
    asOf: new Date().toISOString(),
    campaign: { campaignId, name: campaign.name ?? null },
    summary: countStates(Object.values(checks)),
    checks: Object.fromEntries(Object.entries(checks).map(([name, check]) => [name, shown(check)])),
    findings: toTable(findingsOf(checks), COLUMNS),
    ...(render === 0 || parts.sequence == null ? {} : { renders: renderSequence(parts.sequence, members, render) }),
    ...incompleteIf([...parts.incomplete, ...missingOverlap(overlap)]),
  };
}

/** What a campaign is compared with. */
interface ComparisonData {
  /** Undefined where no leads could be compared. */
  overlap: OverlapResult | undefined;
  schedule: SetSchedule | undefined;
  doNotContact?: DoNotContact | undefined;
}

/** The checks of the parts of a campaign. */
export function checkParts(
  campaign: Campaign,
  { sequence, list, senders }: Omit<CampaignParts, 'incomplete'>,
  { overlap, schedule, doNotContact }: ComparisonData,
) {
  const needs = needsOf(sequence);
  const members = list?.members ?? [];
  const areAllRead = list === null || list.isAll;
  const isEmpty = areAllRead && members.length === 0;
  return {
    status: checkStatus(campaign),
    sequence: checkSequenceTexts(sequence, members, areAllRead),
    list: checkList(list ?? undefined, isActive(campaign), doNotContact),
    ...(isEmpty ? {} : { overlap: unreadIf(!areAllRead, checkOverlap(campaign, members.length, overlap)) }),
    // An unread lead can have a Sales Navigator URL.
    senders: unreadIf(
      sequence === undefined || !areAllRead,
      senders === undefined
        ? checked([], { senders: campaign.campaignAccountIds?.length ?? null, working: null }, { isUnread: true })
        : checkSenders(senders, needs, navigatorLeads(members)),
    ),
    capacity: unreadIf(
      sequence === undefined,
      checkCapacity(leadsToBegin(campaign, list), senders, sequence ?? undefined),
    ),
    schedule: checkSchedule(schedule),
  };
}

/** The leads that the first step is still ahead of. Null where the number is not known. */
function leadsToBegin(campaign: Campaign, list: ListRead | null): number | null {
  if (!isDraft(campaign)) return unfinishedLeads(campaign).pending;
  return list === null ? 0 : (list.list?.totalItemsCount ?? null);
}

/** The findings of all checks, stops first. */
export function findingsOf(checks: Record<string, CampaignCheck>): Finding[] {
  const all = Object.values(checks).flatMap(({ findings }) => findings);
  return [...all.filter(({ severity }) => severity === 'stop'), ...all.filter(({ severity }) => severity === 'warn')];
}

function missingOverlap(overlap: OverlapResult | undefined): MissingPart[] {
  if (overlap === undefined) return [];
  if (overlap.state !== 'checked') return [{ part: 'overlap', reason: `not checked: ${overlap.reason}` }];
  const { incomplete, uncheckable } = overlap;
  if (uncheckable === 0) return incomplete;
  return [...incomplete, { part: `overlap of ${countNoun(uncheckable, 'lead')}`, reason: UNCHECKABLE }];
}

function shown({ state, facts, next }: CampaignCheck) {
  return { state, ...facts, ...(next === undefined ? {} : { next }) };
}

function countStates(checks: readonly CampaignCheck[]): Record<CheckState, number> {
  const count = (state: CheckState) => checks.filter((check) => check.state === state).length;
  return { stop: count('stop'), warn: count('warn'), unknown: count('unknown'), ok: count('ok') };
}

const COLUMNS = {
  severity: ({ severity }: Finding) => severity,
  at: ({ path }: Finding) => path,
  problem: ({ problem }: Finding) => problem,
  leads: ({ leads }: Finding) => (typeof leads === 'object' ? `${leads.count}/${leads.of}` : leads),
  fix: ({ fix }: Finding) => fix,
};
