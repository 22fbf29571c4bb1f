import type { CallerBookmarks } from '../../mcp/services/bookmarks.ts';
import type { Baseline } from './find-baseline.ts';
import type { LeadChanges } from './lead-changes.ts';
import type { Workspace } from './read-workspace.ts';
import { type Bookmark, type CampaignState, OVERLAP_MS, type Position, readBookmark } from './snapshot.ts';

/** What a call has read. */
export interface PresentState {
  workspace: Required<Pick<Workspace, 'campaigns' | 'lists' | 'senders'>>;
  leads: LeadChanges;
  /** All events that were read, known ones included. */
  events: readonly { at: number; mark: string }[];
  /** When the call began, in ms since the epoch. */
  startedAt: number;
}

/** The position after a call. It keeps what a bookmark knew of the leads that were not read again. */
export function positionAfter({ position }: Baseline, present: PresentState): Position {
  const { workspace, leads, events, startedAt } = present;
  const at = Math.max(startedAt, Date.parse(position?.at ?? '') || 0, ...events.map((event) => event.at));
  const marks = [...Object.entries(position?.seen ?? {}), ...events.map((event) => [event.mark, event.at] as const)];
  return {
    at: new Date(at).toISOString(),
    seen: Object.fromEntries(marks.filter(([, time]) => time >= at - OVERLAP_MS)),
    campaigns: Object.fromEntries(
      (workspace.campaigns ?? []).map(({ id, status, progressStats }): [number, CampaignState] => {
        const known = progressStats?.totalUsers === 0 ? {} : position?.campaigns[id]?.leads;
        const states = leads.states.get(id) ?? known;
        const failed = progressStats?.totalUsersFailed ?? 0;
        return [id, { status: status ?? '', failed, ...(states === undefined ? {} : { leads: states }) }];
      }),
    ),
    lists: Object.fromEntries((workspace.lists ?? []).map(({ id, size }) => [id, size])),
    senders: Object.fromEntries((workspace.senders ?? []).map(({ id, state }) => [id, state])),
  };
}

/** Whether a bookmark has moved, or why it has not. */
type Move = { ok: true; bookmark: Bookmark } | { ok: false; reason: string };

/**
 * Moves a bookmark, unless another call has moved it meanwhile.
 * @param hasNews the answer has changes. After an answer without changes the earlier position stays, because the answer
 *   before it may not have arrived.
 */
export async function moveBookmark(
  bookmarks: CallerBookmarks,
  name: string,
  { bookmark }: Baseline,
  { next, hasNews }: { next: Position; hasNews: boolean },
): Promise<Move> {
  const previous = hasNews ? bookmark?.current : (bookmark?.previous ?? bookmark?.current);
  const moved: Bookmark = { version: 1, current: next, ...(previous === undefined ? {} : { previous }) };
  try {
    const present = readBookmark(await bookmarks.read(name));
    if (present?.current.at !== bookmark?.current.at) return { ok: false, reason: 'another call moved it meanwhile' };
    await bookmarks.write(name, moved);
    return { ok: true, bookmark: moved };
  } catch (error) {
    const { code = 'unknown reason' } = error as NodeJS.ErrnoException;
    return { ok: false, reason: `it could not be written (${code})` };
  }
}
