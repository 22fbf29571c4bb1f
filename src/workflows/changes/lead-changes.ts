import type { CampaignLead } from '../../client/operations/campaigns.ts';
import { fullName, inline } from '../../lib/text-format.ts';
import type { ToolContext } from '../../mcp/tool.ts';
import type { KnownCampaign } from '../find-leads/stages.ts';
import { PAGE_ROWS } from '../people-index/plan.ts';
import { readPagedRows } from '../people-index/read-paged-rows.ts';
import { gapOf } from '../people-index/source.ts';
import type { MissingPart } from '../shared/incomplete.ts';
import { settle } from '../shared/settle.ts';
import { sideBySide } from '../shared/side-by-side.ts';
import type { ThrottledProgress } from '../shared/throttled-progress.ts';
import type { WorkTime } from '../shared/work-time.ts';
import { type CampaignState, hasAccepted, hasReplied, leadCode, markOf } from './snapshot.ts';

const MAX_CAMPAIGNS = 8;
const MAX_PAGES = 4;

/** Something that happened to a lead. */
export interface LeadEvent {
  campaignId: number;
  sender: number | undefined;
  name: string;
  company: string;
  profileUrl: string | undefined;
  errorCode: string;
  /** Of a failure, in ms since the epoch. */
  at: number;
  mark: string;
}

/** Which leads of a campaign are read. `failed`: those that failed after a moment. */
export interface LeadRead {
  campaign: KnownCampaign;
  what: 'all' | 'failed';
  /** The states that a bookmark knows. Undefined where it knows none, so that no change shows. */
  before: NonNullable<CampaignState['leads']> | undefined;
}

export interface LeadChanges {
  /** The present states of campaigns that were read whole, by campaign id. */
  states: Map<number, NonNullable<CampaignState['leads']>>;
  accepted: LeadEvent[];
  replied: LeadEvent[];
  failures: LeadEvent[];
  incomplete: MissingPart[];
}

interface Row {
  id: string;
  code: number;
  accepted?: LeadEvent | undefined;
  replied?: LeadEvent | undefined;
  failure?: LeadEvent | undefined;
}

/** Reads leads, and compares them with what a bookmark knows. @param after failures after this moment, in ms. */
export async function readLeadChanges(
  reads: readonly LeadRead[],
  after: number,
  { context, time, progress }: { context: ToolContext; time: WorkTime; progress: ThrottledProgress },
): Promise<LeadChanges> {
  const results = await sideBySide(reads, MAX_CAMPAIGNS, async (leadRead) => {
    const { campaign, what } = leadRead;
    const filter =
      what === 'all' ? {} : ({ timeFilter: 'FailedTime', timeFrom: new Date(after).toISOString() } as const);
    const read = settle(
      readPagedRows(
        async (page) => {
          const request = { campaignId: campaign.id, ...filter, ...page };
          const { items, totalCount } = await context.client.campaigns.getLeads(request, time.call);
          await progress.add((items ?? []).length);
          return { totalCount, items: items?.map((lead) => toRow(lead, leadRead, after)) };
        },
        { limit: PAGE_ROWS, most: MAX_PAGES },
      ),
    );
    return { ...leadRead, read: await read };
  });
  // A listing that shifts while it is read has a lead on two pages.
  const rows = results.flatMap(({ read }) => (read.ok ? unique(read.value.rows) : []));
  return {
    states: new Map(
      results.flatMap(({ campaign, what, read }) =>
        what === 'all' && read.ok ? [[campaign.id, toState(read.value.rows)] as const] : [],
      ),
    ),
    accepted: rows.flatMap(({ accepted }) => accepted ?? []),
    replied: rows.flatMap(({ replied }) => replied ?? []),
    failures: rows.flatMap(({ failure }) => failure ?? []).sort((a, b) => a.at - b.at),
    incomplete: results.flatMap(({ campaign, read }) =>
      gapOf(`leads of campaign ${campaign.id}`, read.ok ? read.value.gap : read.error, time),
    ),
  };
}

function unique(rows: readonly Row[]): Row[] {
  return [...new Map(rows.map((row) => [row.id, row])).values()];
}

function toState(rows: readonly Row[]): Record<string, number> {
  return Object.fromEntries(rows.map(({ id, code }) => [id, code]));
}

/** A lead in the fewest bytes: its state, and its person only where something happened. */
function toRow(lead: CampaignLead, { campaign, before }: LeadRead, after: number): Row {
  const id = String(lead.id ?? lead.linkedInUserProfileId ?? '');
  const code = leadCode(lead);
  const known = before?.[id] ?? 0;
  const failedAt = Date.parse(lead.failedTime ?? '');
  const event = () => toEvent(lead, campaign.id, id, failedAt);
  return {
    id,
    code,
    accepted: before !== undefined && hasAccepted(code) && !hasAccepted(known) ? event() : undefined,
    replied: before !== undefined && hasReplied(code) && !hasReplied(known) ? event() : undefined,
    failure: lead.leadCampaignStatus === 'Failed' && failedAt > after ? event() : undefined,
  };
}

function toEvent(lead: CampaignLead, campaignId: number, id: string, at: number): LeadEvent {
  const person = lead.linkedInUserProfile ?? {};
  return {
    campaignId,
    sender: lead.linkedInSenderId ?? undefined,
    name: inline(fullName(person)),
    company: inline(person.companyName),
    profileUrl: person.profileUrl ?? undefined,
    errorCode: lead.errorCode ?? 'no error code',
    at,
    mark: markOf('failure', campaignId, id),
  };
}
