import { packCursor, unpackCursor } from '../../mcp/results/cursor.ts';
import { type LaneStop, NOTHING_READ } from '../inbox/cursor-lane.ts';
import type { LaneBounds, SweepPart } from '../inbox/inbox-sweep.ts';
import { addDays, dayOf } from '../shared/periods.ts';
import type { SortKey } from './find-unanswered.ts';

/** Which part of the inbox a call reads, and after which row its result goes on. */
export interface UnansweredPosition extends SweepPart {
  /** The first UTC day of the window, the same on every page. */
  from: string;
  after: SortKey | null;
}

/** @param args everything that selects the rows. @returns why the cursor cannot be used, as a sentence. */
export function unansweredPosition(
  cursor: string | undefined,
  args: { lookBackDays: number },
  now: number,
): UnansweredPosition | string {
  if (cursor === undefined) {
    return { from: addDays(dayOf(now), -args.lookBackDays), bounds: {}, isRest: false, after: null };
  }
  const position = unpackCursor(cursor, args);
  if (typeof position === 'string') return position;
  const parts: unknown = JSON.parse(position.upstream ?? 'null');
  if (!Array.isArray(parts)) return 'cursor was not returned by this tool';
  // The digest of the arguments shows that this tool made the cursor, so its parts have their types.
  const [from, isRest, after, bounds] = parts as Packed;
  return { from, isRest: isRest === 1, after, bounds: bounds ?? {} };
}

/** Whether a call reads all conversations of the window. Else it reads what a call before it did not reach. */
export function isWholeWindow({ bounds, isRest }: UnansweredPosition): boolean {
  return !isRest && Object.keys(bounds).length === 0;
}

/** Makes the cursor of a position. @param args everything that selects the rows. */
export function packUnanswered(position: UnansweredPosition, args: { lookBackDays: number }): string {
  const { from, isRest, after, bounds } = position;
  const head: Packed = [from, isRest ? 1 : 0, after];
  const parts = Object.keys(bounds).length === 0 ? head : [...head, bounds];
  return packCursor({ upstream: JSON.stringify(parts), skip: 0 }, args);
}

/** A position in a cursor, which takes tokens of each result. */
type Packed = [from: string, isRest: 0 | 1, after: SortKey | null, bounds?: LaneBounds];

/** Where lanes stopped, by sender. */
export type LaneStops = Record<string, LaneStop>;

interface NextPart {
  position: UnansweredPosition;
  /** Where the lanes that were not read to their end stopped. */
  stopped: LaneStops;
  /** The last row that this page shows, where more rows of this part follow. */
  lastSortKey: SortKey | undefined;
}

/** Where the next page begins. First come the other rows of this part, then the lanes that were not read to their end. */
export function nextPosition({ position, stopped, lastSortKey }: NextPart): UnansweredPosition | undefined {
  const { from, bounds, isRest } = position;
  const stops = Object.entries(stopped);
  if (lastSortKey !== undefined) {
    const laneBounds: LaneBounds = { ...bounds };
    for (const [key, { at, read }] of stops) {
      const [newest, , readAtNewest] = bounds[key] ?? [null];
      laneBounds[key] = [newest, at ?? NOTHING_READ, readAtNewest ?? null, read];
    }
    return { from, isRest, bounds: laneBounds, after: lastSortKey };
  }
  const rest: LaneBounds = {};
  for (const [key, { at, read }] of stops) rest[key] = [at === NOTHING_READ ? null : at, null, read];
  // A sender that fails each time would get the same cursor each time.
  if (stops.length === 0 || (isRest && isSameStart(rest, bounds))) return undefined;
  return { from, isRest: true, bounds: rest, after: null };
}

/** Whether each lane begins where it began before. */
function isSameStart(rest: LaneBounds, before: LaneBounds): boolean {
  const startsOf = (all: LaneBounds) =>
    JSON.stringify(Object.entries(all).map(([key, [newest, , read]]) => [key, newest, read ?? null]));
  return startsOf(rest) === startsOf(before);
}
