import { isUnresolvedKey } from '../people-index/person-keys.ts';
import type { RowToSend } from './import-plan.ts';

/** What HeyReach did with the rows of a call. Counts are null where it does not say. */
export interface ImportCounts {
  sent: number;
  added: number | null;
  updated: number | null;
  failed: number | null;
  /** The call was sent twice after a lost response. */
  repeated?: boolean;
  /** Why HeyReach rejected the call. */
  rejected?: string;
  /** The people of the target before the first call, and after the last one. */
  before?: number;
  after?: number;
}

/** Whether people were in the target before the import, by the number of their row. A row without an entry is unclear. */
export type Presence = ReadonlyMap<number, boolean>;

/** The members of a target before an import, by comparison key. */
export interface MembersBefore {
  has(key: string): boolean;
}

/** What a call did with its rows. */
export interface CallOutcome {
  added: number | null;
  updated: number | null;
  /** Rows that were added or updated, where HeyReach's counts do not say which. */
  undecided: number;
  of(row: RowToSend): 'added' | 'updated' | 'added_or_updated';
}

/** @param members undefined where they could not be read. */
export function presenceOf(rows: readonly RowToSend[], members: MembersBefore | undefined): Presence {
  return new Map(
    rows.flatMap(({ number, identity }): [number, boolean][] => {
      if (members === undefined || identity === undefined) return [];
      if (members.has(identity)) return [[number, true]];
      // HeyReach knows most people of such a URL by another one.
      return isUnresolvedKey(identity) ? [] : [[number, false]];
    }),
  );
}

/**
 * Tells added rows from updated ones. HeyReach returns the sums of a call. The members of the target before the import say what
 * each row is, and the sums must agree with them.
 * @param rows the rows that the call sent.
 * @param isRecounted the call was sent twice, so that rows of its first attempt count as updated.
 */
export function classifyRows(
  rows: readonly RowToSend[],
  { sent, added, updated, failed }: ImportCounts,
  { presence, isRecounted }: { presence: Presence; isRecounted: boolean },
): CallOutcome {
  const known = rows.filter(({ number }) => presence.get(number) === true).length;
  const fresh = rows.filter(({ number }) => presence.get(number) === false).length;
  const unclear = rows.length - known - fresh;
  if (added === null || updated === null || failed === null || sent !== rows.length) {
    return { added, updated, undecided: rows.length, of: () => 'added_or_updated' };
  }
  const isWhole = added + updated === sent;
  const ofAll = (isFreshSure: boolean, isKnownSure: boolean, ofUnclear: ReturnType<CallOutcome['of']>) => ({
    undecided: (isFreshSure ? 0 : fresh) + (isKnownSure ? 0 : known) + (ofUnclear === 'added_or_updated' ? unclear : 0),
    of({ number }: RowToSend) {
      const wasKnown = presence.get(number);
      if (wasKnown === undefined) return ofUnclear;
      if (wasKnown) return isKnownSure ? ('updated' as const) : 'added_or_updated';
      return isFreshSure ? ('added' as const) : 'added_or_updated';
    },
  });
  if (isRecounted) {
    const counts = isWhole && unclear === 0 ? { added: fresh, updated: known } : { added, updated };
    return { ...counts, ...ofAll(isWhole, isWhole, 'added_or_updated') };
  }
  const isAllAdded = added >= fresh + unclear;
  const isAllUpdated = updated >= known + unclear;
  // More rows of a kind than there can be: the members have changed since they were read.
  const isFreshSure = isWhole ? updated <= known + unclear : isAllAdded;
  const isKnownSure = isWhole ? added <= fresh + unclear : isAllUpdated;
  const ofUnclear = isAllAdded ? 'added' : isAllUpdated ? 'updated' : 'added_or_updated';
  return { added, updated, ...ofAll(isFreshSure, isKnownSure, ofUnclear) };
}
