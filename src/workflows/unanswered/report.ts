import type { ToolContext, ToolOutput } from '../../mcp/tool.ts';
import type { LaneRead } from '../inbox/cursor-lane.ts';
import { missingLanes, type SweepScope, sweepInbox, uncovered } from '../inbox/inbox-sweep.ts';
import { readOptOuts, unreadBlacklist } from '../opt-outs/opt-outs.ts';
import { readUnlistedIds } from '../shared/filter-ids.ts';
import { incompleteIf } from '../shared/incomplete.ts';
import { throttleProgress } from '../shared/throttled-progress.ts';
import { startWork } from '../shared/work-time.ts';
import {
  choose,
  compareSortKeys,
  countByAge,
  findUnanswered,
  type Include,
  lastSortKeyOf,
  sortKeyOf,
} from './find-unanswered.ts';
import { isWholeWindow, type LaneStops, nextPosition, type UnansweredPosition } from './position.ts';
import { readRowCampaigns } from './row-campaigns.ts';
import { unansweredTables } from './tables.ts';

/** Which people one page shows. */
export interface UnansweredRequest extends Omit<SweepScope, 'from'> {
  waitingHours: number;
  include: readonly Include[];
  limit: number;
  position: UnansweredPosition;
}

/** Makes a page of the people who wait for an answer. @param pack makes the cursor of a position. */
export async function reportUnanswered(
  request: UnansweredRequest,
  context: ToolContext,
  pack: (position: UnansweredPosition) => string,
): Promise<ToolOutput> {
  const { position, include } = request;
  const time = startWork(context.call);
  const progress = throttleProgress(context, 'conversations read');
  const scope = { ...request, from: position.from };
  const isFirst = position.after === null && isWholeWindow(position);
  const [sweep, unlisted] = await Promise.all([
    sweepInbox(position, { scope, context, time, progress }),
    readUnlistedIds(isFirst ? request : {}, context.client, time.call),
  ]);
  const now = Date.now();
  const conversations = sweep.reads.flatMap((read) => read.conversations);
  if (conversations.length === 0 && unlisted.none !== undefined) throw unlisted.none;
  const all = findUnanswered(conversations);
  const { chosen, leftOut } = choose(all, { ...request, now });
  const mixClosing = include.includes('closing');
  const { after } = position;
  const rest = after === null ? chosen : chosen.filter((row) => compareSortKeys(sortKeyOf(row, mixClosing), after) > 0);
  const shown = rest.slice(0, request.limit);
  const people = shown.map(({ conversation }) => conversation.correspondentProfile ?? {});
  const [campaigns, optOuts] = await Promise.all([
    readRowCampaigns(shown, context, time),
    readOptOuts(people, { ...context, call: time.call }),
  ]);
  return {
    data: {
      asOf: `${new Date(now).toISOString().slice(0, 16)}Z`,
      from: position.from,
      scanned: conversations.length,
      waiting: all.length,
      byAge: countByAge(chosen, now),
      leftOut,
      closing: chosen.filter(({ isClosing }) => isClosing).length,
      ...unansweredTables(shown, { campaigns, optOuts }, now),
      ...incompleteIf([
        ...unlisted.incomplete,
        ...missingLanes(sweep, time),
        ...uncovered(sweep),
        ...campaigns.incomplete,
        ...unreadBlacklist(optOuts),
      ]),
    },
    rows: {
      key: 'rows',
      continuation(rowCount) {
        const [last, following] = rest.slice(rowCount - 1, rowCount + 1);
        const lastSortKey = last && following && lastSortKeyOf(last, following, mixClosing);
        const next = nextPosition({ position, stopped: stopsOf(sweep.reads), lastSortKey });
        return next === undefined ? {} : { nextCursor: pack(next) };
      },
    },
  };
}

/** Where the lanes stopped that were not read to their end. */
function stopsOf(reads: readonly LaneRead[]): LaneStops {
  return Object.fromEntries(
    reads.flatMap(({ lane, stopped }) => (stopped === undefined ? [] : [[String(lane.sender ?? 0), stopped] as const])),
  );
}
