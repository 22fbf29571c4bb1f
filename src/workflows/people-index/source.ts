import type { CallOptions, HeyReachClient } from '../../client/index.ts';
import type { MissingPart } from '../shared/incomplete.ts';
import type { ThrottledProgress } from '../shared/throttled-progress.ts';
import type { WorkTime } from '../shared/work-time.ts';
import type { Part, PartCache, PartRead } from './part-cache.ts';
import type { RowsRead } from './read-paged-rows.ts';

/** Where the parts of an index come from. */
export interface IndexSource {
  client: HeyReachClient;
  cache: PartCache;
  time: WorkTime;
  progress: ThrottledProgress;
  /** The requests that this source has made. Reads that it joined are not among them. */
  requests(): number;
  /** Says how many requests are still to come, for the progress. Phases run side by side, and each counts its own down. */
  expect(further: number, phase?: string): void;
}

/** How the read of a part makes its requests: behind the calls of people, and until no caller waits any more. */
export interface PartSource extends IndexSource {
  call: CallOptions;
}

/** A read ends with its requests, at the end of the work time. A caller waits a moment longer for it. */
const SLACK_MS = 1_000;

/**
 * Returns a part of the workspace of this key. Callers of the same key share its read. A shared read ends with the work time of
 * the call that began it. A call with more time left therefore reads an unfinished part again.
 */
export async function partOf<Value>(
  source: IndexSource,
  name: string,
  read: (source: PartSource) => Promise<PartRead<Value>>,
): Promise<Part<Value>> {
  const { cache, client, time } = source;
  const { signal, deadline } = time.call;
  const patience = { signal, deadline: deadline === undefined ? undefined : deadline + SLACK_MS };
  let isOwn = false;
  const readOwn = (ofAll: AbortSignal) => {
    isOwn = true;
    const call = { ...time.call, signal: ofAll, background: true };
    return read({ ...source, time: { ...time, call }, call });
  };
  const readOnce = () => cache.read(client.fingerprint, name, patience, readOwn);
  const isFinal = () => isOwn || time.isOver() || signal?.aborted === true;
  try {
    const part = await readOnce();
    if (part.isWhole || isFinal()) return part;
  } catch (error) {
    if (isFinal()) throw error;
  }
  return readOnce();
}

/** Names a part that was not read to its end. */
export function gapOf(part: string, gap: RowsRead<unknown>['gap'], time: WorkTime): MissingPart[] {
  if (gap === undefined) return [];
  if (gap === 'changed') return [{ part, reason: 'it changed while it was read' }];
  if (gap === 'no rows') return [{ part, reason: 'HeyReach answered without rows' }];
  return [{ part, reason: time.isOver() ? time.overReason : gap.message }];
}
