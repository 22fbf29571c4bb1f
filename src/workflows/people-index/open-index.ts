import type { AttemptReport, CallOptions } from '../../client/index.ts';
import type { ToolContext } from '../../mcp/tool.ts';
import { throttleProgress } from '../shared/throttled-progress.ts';
import { startWork } from '../shared/work-time.ts';
import { applyChange, applyRemoteChange } from './apply-change.ts';
import { PartCache } from './part-cache.ts';
import type { IndexSource } from './source.ts';

/** The life of a part in the cache, and the time of its read. */
const CACHED_MS = 900_000;
/** The requests of a call. More take longer than a call has. */
const MAX_REQUESTS = 150;

/** The requests that the people of a call may take. Work that can go on as a job has no deadline, and takes what it needs. */
export function maxRequestsOf({ deadline }: CallOptions): number {
  return deadline === undefined ? Number.POSITIVE_INFINITY : MAX_REQUESTS;
}

/** Opens the index of the key of a call. */
export async function openIndex({ client, call, changes, progress }: ToolContext): Promise<IndexSource> {
  changes.followFor(client.fingerprint, CACHED_MS);
  let requests = 0;
  const observe = (report: AttemptReport) => {
    requests += 1;
    call.observe?.(report);
  };
  let planned = 0;
  const pending = new Map<string, number>();
  // Its parts are read side by side, and only their requests have one unit.
  const countRequests: ToolContext['progress'] = async () => {
    // A read goes on for other callers after this one has cancelled. Its request then takes no notification any more.
    if (call.signal?.aborted === true) return;
    const total = [...pending.values()].reduce((sum, left) => sum + left, Math.max(requests, planned));
    await progress(requests, total, `${requests} requests for people made`);
  };
  return {
    client,
    cache: indexCacheOf(changes),
    time: startWork({ ...call, observe }),
    progress: { ...throttleProgress({ call, progress: countRequests }, ''), expect() {} },
    requests: () => requests,
    expect(further, phase) {
      if (phase === undefined) planned = requests + further;
      else pending.set(phase, further);
    },
  };
}

/** One cache for each running program, which all share their ChangeEvents. */
const caches = new WeakMap<ToolContext['changes'], PartCache>();

/** The cache of the program, which the first call creates. */
function indexCacheOf(changes: ToolContext['changes']): PartCache {
  const known = caches.get(changes);
  if (known !== undefined) return known;
  const cache = new PartCache();
  changes.listen((change) => applyChange(cache, change));
  changes.listenRemote((change) => applyRemoteChange(cache, change));
  caches.set(changes, cache);
  return cache;
}
