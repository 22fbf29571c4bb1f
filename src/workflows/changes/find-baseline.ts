import type { CallerBookmarks } from '../../mcp/services/bookmarks.ts';
import { type Bookmark, OVERLAP_MS, type Position, readBookmark } from './snapshot.ts';

/** What a call compares with. */
export interface Baseline {
  /** Report events after this moment, in ms since the epoch. */
  since: number;
  /** Read events after this moment. Earlier than `since` where a bookmark tells late events from known ones. */
  readAfter: number;
  /** The position of the bookmark at `since`. */
  position: Position | undefined;
  /** The bookmark as it was read. */
  bookmark: Bookmark | undefined;
  /** Whether the bookmark moves after a complete answer. A call with a time of its own moves nothing. */
  moves: boolean;
}

/** Where a first call begins. */
const FIRST_MS = 24 * 3_600_000;

/**
 * Finds the moment and the snapshot that a call compares with.
 * @param since an ISO time. undefined: the bookmark, or the last 24 hours where there is none.
 */
export async function findBaseline(
  since: string | undefined,
  name: string,
  bookmarks: CallerBookmarks | undefined,
  now: number,
): Promise<Baseline> {
  const bookmark = readBookmark(await bookmarks?.read(name));
  if (since === undefined) {
    if (bookmark !== undefined) return { ...baselineAt(bookmark.current), bookmark, moves: true };
    const first = now - FIRST_MS;
    return { since: first, readAfter: first, position: undefined, bookmark, moves: bookmarks !== undefined };
  }
  const at = Date.parse(since);
  const position = [bookmark?.current, bookmark?.previous].find(
    (saved) => saved !== undefined && Date.parse(saved.at) === at,
  );
  if (position !== undefined) return { ...baselineAt(position), bookmark, moves: false };
  return { since: at, readAfter: at, position: undefined, bookmark, moves: false };
}

function baselineAt(position: Position): Pick<Baseline, 'since' | 'readAfter' | 'position'> {
  const since = Date.parse(position.at);
  return { since, readAfter: since - OVERLAP_MS, position };
}

/** The events that a call reports: those that its bookmark does not know. */
export function newEvents<Event extends { at: number; mark: string }>(
  events: readonly Event[],
  { since, position }: Baseline,
): Event[] {
  if (position === undefined) return events.filter(({ at }) => at > since);
  return events.filter(({ mark }) => position.seen[mark] === undefined);
}
