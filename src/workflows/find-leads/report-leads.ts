import type { CampaignStatus } from '../../client/operations/campaigns.ts';
import type { ToolContext, ToolOutput } from '../../mcp/tool.ts';
import { readUnlistedIds } from '../shared/filter-ids.ts';
import { incompleteIf, joinSameReasons, type MissingPart } from '../shared/incomplete.ts';
import { type ReadContext, startWork } from '../shared/work-time.ts';
import { type AcceptedOutcome, acceptedOutcome } from './accepted-outcome.ts';
import { type FoundLead, tally } from './found-lead.ts';
import { type InboxContacts, readInboxContacts } from './inbox-contacts.ts';
import { keepLeads, leadTables } from './lead-tables.ts';
import { nextStepOf } from './next-step.ts';
import { readScopeCampaigns, readStage, type StageScope } from './read-stage.ts';
import { readAfterAcceptance } from './stage-sequences.ts';
import { byTime, type StageLead } from './stages.ts';
import { readStalled } from './stalled.ts';

const DAY_MS = 86_400_000;

/** The statuses of a search that names neither statuses nor campaigns. */
export const DEFAULT_STATUSES: readonly CampaignStatus[] = ['IN_PROGRESS', 'PAUSED', 'FINISHED'];

export interface LeadsRequest extends StageScope {
  olderThanDays: number;
  verifyInbox: boolean;
  output: 'rows' | 'file';
  limit: number;
}

/** Finds the leads at a stage: counts first, then rows. All of them are kept as a file. */
export async function reportLeads(request: LeadsRequest, context: ToolContext): Promise<ToolOutput> {
  const { stage, olderThanDays } = request;
  const time = startWork(context.call);
  const source = { context, time };
  const { linkedInAccountIds } = request;
  const [scope, senders] = await Promise.all([
    readScopeCampaigns(request, source),
    readUnlistedIds({ linkedInAccountIds }, context.client, time.call),
  ]);
  if (senders.none !== undefined) throw senders.none;
  // Only a running campaign can stall.
  const campaigns =
    stage === 'stalled' ? scope.campaigns.filter(({ status }) => status === 'IN_PROGRESS') : scope.campaigns;
  const read = await readStage(campaigns, request, source);
  const before = Date.now() - olderThanDays * DAY_MS;
  const old = read.leads.filter(({ at }) => olderThanDays === 0 || at <= before);
  const judged = await judge(old, request, source);
  const inbox = await checkInbox(judged.leads, request, source);
  const leads = inbox.leads.toSorted((a, b) => rankOf(a) - rankOf(b) || byTime(stage)(a, b));
  const keptFile = leads.length === 0 ? undefined : await keepLeads(leads, context.files);
  const shown = request.output === 'file' ? [] : leads.slice(0, request.limit);
  const leftOut = {
    underOlderThanDays: read.leads.length - old.length,
    ...(stage === 'no_reply' ? { answeredElsewhere: inbox.leftOut } : { writtenToElsewhere: inbox.leftOut }),
  };
  return {
    data: {
      found: leads.length,
      ...countsOf(leads),
      scanned: { campaigns: campaigns.length, leads: read.scanned },
      ...(Object.values(leftOut).some((count) => count > 0) ? { leftOut } : {}),
      ...(inbox.way === undefined ? {} : { inbox: inbox.way }),
      ...leadTables(leads, shown),
      ...keptFile?.fields,
      ...nextStepOf({ stage, leads, shown: shown.length, output: request.output, campaigns: campaigns.length }),
      ...incompleteIf(
        joinSameReasons([
          ...scope.incomplete,
          ...senders.incomplete,
          ...read.incomplete,
          ...judged.incomplete,
          ...inbox.incomplete,
        ]),
      ),
    },
    rows: { key: 'rows' },
    ...(keptFile === undefined ? {} : { links: [keptFile.link] }),
  };
}

/** Adds to each lead what happens next, or why nothing happens. Leaves out leads in a sequence that do not stall. */
async function judge(
  leads: readonly StageLead[],
  { stage }: LeadsRequest,
  source: ReadContext,
): Promise<{ leads: FoundLead[]; incomplete: MissingPart[] }> {
  if (stage === 'stalled') return readStalled(leads, source);
  if (stage !== 'accepted_not_messaged') {
    return { leads: leads.map((lead) => ({ ...lead, reason: reasonOf(lead) })), incomplete: [] };
  }
  const { after, incomplete } = await readAfterAcceptance(leads, source);
  return {
    leads: leads.map((lead) => ({ ...lead, ...acceptedOutcome(lead, after.get(lead.campaign.id)) })),
    incomplete,
  };
}

function reasonOf({ status, errorCode }: StageLead): string {
  return status === 'Failed' ? (errorCode ?? 'no error code') : `lead ${status.toLowerCase()}`;
}

interface InboxCheck {
  leads: FoundLead[];
  leftOut: number;
  way?: InboxContacts['way'];
  incomplete: MissingPart[];
}

/** Leaves out people whom a sender has written to after all, or who have answered in another conversation. */
async function checkInbox(
  leads: readonly FoundLead[],
  { stage, verifyInbox }: LeadsRequest,
  { context, time }: ReadContext,
): Promise<InboxCheck> {
  const isAbout = stage === 'accepted_not_messaged' || stage === 'no_reply';
  if (!verifyInbox || !isAbout || leads.length === 0) return { leads: [...leads], leftOut: 0, incomplete: [] };
  const { of, way, incomplete } = await readInboxContacts(leads, context, time);
  const checked = leads.map((lead) => ({ ...lead, standing: of(lead) }));
  const remaining = checked.filter(({ standing }) => !(stage === 'no_reply' ? standing?.theyWrote : standing?.weWrote));
  return { leads: remaining, leftOut: leads.length - remaining.length, way, incomplete };
}

/** The most urgent outcome first. */
const RANKS: Record<AcceptedOutcome, number> = { never: 0, held: 1, unknown: 2, comes: 3 };

function rankOf({ outcome }: FoundLead): number {
  return outcome === undefined ? 0 : RANKS[outcome];
}

function countsOf(leads: readonly FoundLead[]) {
  const outcomes = tally(leads.flatMap(({ outcome }) => outcome ?? []));
  const reasons = tally(leads.flatMap(({ reason }) => reason ?? []));
  return { ...(Object.keys(outcomes).length === 0 ? {} : { byOutcome: outcomes }), byReason: reasons };
}
