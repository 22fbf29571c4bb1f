import { HeyReachError } from '../../client/index.ts';
import type { ToolContext, ToolOutput } from '../../mcp/tool.ts';
import { incompleteIf, joinSameReasons } from '../shared/incomplete.ts';
import { dayOf } from '../shared/periods.ts';
import { throttleProgress } from '../shared/throttled-progress.ts';
import { startWork } from '../shared/work-time.ts';
import { type Changes, changeTables, isCutAt, keepChanges } from './change-tables.ts';
import { compareWorkspace } from './compare.ts';
import { type Baseline, findBaseline, newEvents } from './find-baseline.ts';
import { type InboundRead, readInbound } from './inbound.ts';
import { type LeadChanges, readLeadChanges } from './lead-changes.ts';
import { moveBookmark, positionAfter } from './move-bookmark.ts';
import { type LeadPlan, planLeads } from './plan-leads.ts';
import { countsFrom, readDailyCounts, readWorkspace, type Workspace } from './read-workspace.ts';

/** Larger tables may not fit into the 48 kB of a result. */
const MAX_CHARACTERS = 30_000;

export interface ChangesRequest {
  /** An ISO time. undefined: since the bookmark. */
  since: string | undefined;
  bookmark: string;
  limit: number;
}

/** Everything that a call has read. */
interface Present {
  startedAt: number;
  workspace: Workspace;
  inbound: InboundRead;
  daily: Awaited<ReturnType<typeof readDailyCounts>>;
  plan: LeadPlan;
  leads: LeadChanges;
}

/** Reports what changed since a moment, and moves the bookmark after a complete answer. */
export async function reportChanges(request: ChangesRequest, context: ToolContext): Promise<ToolOutput> {
  const { bookmarks } = context;
  const baseline = await findBaseline(request.since, request.bookmark, bookmarks, Date.now());
  const present = await readPresent(baseline, context);
  const changes = changesIn(baseline, present);
  const tables = changeTables(changes, request.limit);
  // The rows that a result leaves out would be lost once the bookmark moves.
  const isCut = isCutAt(changes, request.limit) || JSON.stringify(tables).length > MAX_CHARACTERS;
  const saved = isCut ? await keepChanges(changes, context.files) : undefined;
  const incomplete = incompleteOf(present);
  const counts = countsOf(changes);
  const hasNews = Object.values(counts).some((count) => (count ?? 0) > 0);
  const bookmark = await describeBookmark(request.bookmark, { baseline, present, hasNews }, context);
  const { counts: daily } = present.daily;
  const firstDay = dayOf(baseline.since);
  return {
    data: {
      since: new Date(baseline.since).toISOString(),
      bookmark,
      counts,
      ...(daily === undefined ? {} : { wholeDays: { from: firstDay, ...countsFrom(firstDay, daily) } }),
      ...tables,
      ...saved?.fields,
      howCounted: howCounted(baseline, present.plan),
      ...incompleteIf(joinSameReasons(incomplete)),
    },
    ...(saved === undefined ? {} : { links: [saved.link] }),
  };
}

async function readPresent(baseline: Baseline, context: ToolContext): Promise<Present> {
  const startedAt = Date.now();
  const time = startWork(context.call);
  const progress = throttleProgress(context, 'conversations and leads read');
  const source = { context, time, progress };
  const [workspace, inbound] = await Promise.all([readWorkspace(source), readInbound(baseline.readAfter, source)]);
  const newest = inbound.messages.at(-1)?.at ?? 0;
  const daily = await readDailyCounts(dayOf(baseline.readAfter), newest, source);
  const plan = planLeads(workspace.campaigns ?? [], baseline, daily.counts);
  const leads = await readLeadChanges(plan.reads, baseline.readAfter, source);
  return { startedAt, workspace, inbound, daily, plan, leads };
}

function changesIn(baseline: Baseline, { workspace, inbound, leads }: Present): Changes {
  const { position } = baseline;
  const states =
    position === undefined
      ? { campaigns: undefined, lists: undefined, senders: undefined }
      : compareWorkspace(position, workspace);
  return {
    inbound: newEvents(inbound.messages, baseline),
    accepted: position && leads.accepted,
    replied: position && leads.replied,
    failures: newEvents(leads.failures, baseline),
    ...states,
  };
}

function countsOf({ inbound, accepted, replied, failures, campaigns, lists, senders }: Changes) {
  return {
    inboundMessages: inbound.length,
    accepted: accepted?.length ?? null,
    replied: replied?.length ?? null,
    failures: failures.length,
    campaigns: campaigns?.length,
    lists: lists?.length,
    senders: senders?.length,
  };
}

function incompleteOf({ workspace, inbound, daily, leads }: Present) {
  return [...workspace.incomplete, ...inbound.incomplete, ...daily.incomplete, ...leads.incomplete];
}

/** Moves the bookmark, and says where it is or why it stays. */
async function describeBookmark(
  name: string,
  { baseline, present, hasNews }: { baseline: Baseline; present: Present; hasNews: boolean },
  { bookmarks, call }: ToolContext,
) {
  if (bookmarks === undefined) return { moved: false, reason: 'HEYREACH_STATE_DIR is not set: there are no bookmarks' };
  const at = baseline.bookmark?.current.at;
  const stays = (reason: string) => ({ name, ...(at === undefined ? {} : { at }), moved: false, reason });
  if (!baseline.moves) return stays('since is a time, so the bookmark stays');
  const { workspace, inbound, leads, startedAt } = present;
  const { campaigns, lists, senders } = workspace;
  // Conversations that HeyReach counts but does not return are missing every time.
  const isWhole = campaigns && lists && senders && inbound.isWhole && leads.incomplete.length === 0;
  if (!isWhole) return stays('the result is incomplete: the next call covers the same time again');
  if (call.signal?.aborted) return stays('the call was cancelled');
  const events = [...inbound.messages, ...leads.failures];
  const next = positionAfter(baseline, { workspace: { campaigns, lists, senders }, leads, events, startedAt });
  const move = await moveBookmark(bookmarks, name, baseline, { next, hasNews });
  if (!move.ok) return stays(move.reason);
  const { previous } = move.bookmark;
  return { name, at: next.at, moved: true, ...(previous === undefined ? {} : { previous: previous.at }) };
}

function howCounted({ position, moves }: Baseline, { countsOnly }: LeadPlan): string {
  const days = 'wholeDays counts UTC days from the day of since, so it can hold more.';
  if (position === undefined) {
    const later = moves ? ' The next call compares with this one.' : '';
    return `HeyReach keeps no time of an acceptance: without an earlier state, accepted and replied are counts only, in wholeDays. Campaigns, lists and senders were not compared.${later} ${days}`;
  }
  const ids = countsOnly.map(({ id }) => id).slice(0, 10);
  const unknown = ids.length === 0 ? '' : ` Campaigns ${ids.join(', ')} have counts only.`;
  return `accepted and replied are the leads whose state changed since the bookmark.${unknown} ${days}`;
}

/** A call asks for a bookmark, but the server has no folder for one. */
export function noBookmarks(): HeyReachError {
  return new HeyReachError({
    kind: 'invalid_input',
    outcome: 'not_sent',
    message: 'since=last needs a bookmark, and HEYREACH_STATE_DIR is not set',
    meaning: 'This server keeps no bookmarks.',
    nextStep: 'Give a time in since, or set HEYREACH_STATE_DIR.',
  });
}
