import { groupBy } from './group.ts';
import type { Landed } from './heyreach.ts';
import type { Call, Report, Sample } from './load.ts';
import { ENDS } from './outcome.ts';

/** A rule of a load, and its violations. */
export interface Verdict {
  holds: string;
  against: string[];
}

/** Requests without a HeyReach call wait only for their turn. */
const AT_ONCE_MS = 1_000;
/** Two windows after everything is loaded and every cache is warm. */
const WINDOWS = [
  { from: 20_000, to: 40_000 },
  { from: 40_000, to: 60_000 },
] as const;
/** Memory kept by calls shows in the heap without garbage. Allowed are a tenth, and a few responses in flight. */
const HEAP_GROWTH = { share: 0.1, megabytes: 2 };
/** The resident memory of a process changes with its garbage. */
const RESIDENT_GROWTH = { share: 0.15, megabytes: 0 };
const QUOTA = 300;
const MINUTE_MS = 60_000;
/** Calls in a minute: half of what a busy machine can do. */
const LEAST_CALLS = 1_500;

/** Judges a load by all its rules. Rules that a shorter load cannot check are omitted. */
export function judge(report: Report): Verdict[] {
  const { size, calls, landed, ended, complaints, streams, heldUp } = report;
  const isWhole = size.lastMs >= WINDOWS[1].to;
  return [
    verdict('the server lives until it is stopped, and ends with 0', ended === 0 ? [] : [`ended: ${ended}`]),
    verdict('stderr holds no warning and no error', complaints),
    verdict(
      'every call has a result, a clear error, or a rejection that says when to come again',
      calls.flatMap(faultsOf),
    ),
    verdict(
      `none is later than ${size.timeoutSeconds} s`,
      calls.filter((call) => call.ms > size.timeoutSeconds * 1_000 + heldUp.during(call)).map(describe),
    ),
    verdict(
      'what needs nothing of HeyReach is answered within a second',
      calls.filter((call) => call.expected !== undefined && call.ms > AT_ONCE_MS + heldUp.during(call)).map(describe),
    ),
    verdict('no request carries the key of one owner and the text of another', strangersAmong(landed)),
    verdict('no write is made twice, and no unsent write reached HeyReach', onceFaults(calls, landed)),
    verdict(`no key makes more than ${QUOTA} requests in a minute`, quotaFaults(report)),
    verdict('streams stay open, and hear of changes', streamFaults(streams)),
    verdict(
      'nothing is in flight once every call has ended',
      Object.entries(report.leftOver).map(([name, count]) => `${name} ${count}`),
    ),
    ...(isWhole
      ? [flat('heap', report.heap, HEAP_GROWTH), flat('resident memory', report.resident, RESIDENT_GROWTH)]
      : []),
    verdict('the load was one', loadFaults(report)),
  ];
}

export function verdict(holds: string, against: readonly string[]): Verdict {
  return { holds, against: [...against] };
}

export function describe({ kind, method, name, at, ms }: Call): string {
  return `${kind} ${method} ${name} after ${(at / 1_000).toFixed(1)} s took ${(ms / 1_000).toFixed(1)} s`;
}

export function faultsOf(call: Call): string[] {
  return call.outcome.faults.map((fault) => `${describe(call)}: ${fault}`);
}

export function strangersAmong(landed: Landed[]): string[] {
  return landed.flatMap(({ owner, route, strangers }) =>
    strangers.map((stranger) => `${route} came with the key of owner ${owner} and a text of ${stranger}`),
  );
}

/** A 429 does not count as a request, because HeyReach did not process it. */
export function onceFaults(calls: Call[], landed: Landed[]): string[] {
  const made = new Map<string, number>();
  for (const { status, nonces } of landed) {
    if (status === 429) continue;
    for (const nonce of nonces) made.set(nonce, (made.get(nonce) ?? 0) + 1);
  }
  return calls.flatMap((call) => {
    const { nonce, outcome } = call;
    if (nonce === undefined) return [];
    const times = made.get(nonce) ?? 0;
    if (times > 0 && outcome.kind === '502') return [`${describe(call)}: came, and the proxy had no answer`];
    if (times > 1) return [`${describe(call)}: came ${times} times`];
    if (times === 1 && outcome.told === 'not_sent') return [`${describe(call)}: came, and was told as not sent`];
    if (times === 0 && outcome.end === 'result') return [`${describe(call)}: never came, and was told as done`];
    return [];
  });
}

export function quotaFaults({ landed, heldUp }: Pick<Report, 'landed' | 'heldUp'>): string[] {
  const byOwner = groupBy(landed, ({ owner }) => owner);
  return [...byOwner].flatMap(([owner, requests]) => {
    const times = requests.map(({ at }) => at).toSorted((a, b) => a - b);
    return times.slice(QUOTA).flatMap((at, index) => {
      // The first request may have arrived later than it was sent.
      const first = times[index]! - heldUp.before(times[index]!);
      return at - first >= MINUTE_MS ? [] : [`owner ${owner}: ${QUOTA + 1} in ${Math.round(at - first)} ms`];
    });
  });
}

function streamFaults({ asked, open, told }: Report['streams']): string[] {
  return [
    ...(open < asked ? [`${asked - open} of ${asked} ended`] : []),
    ...(asked > 0 && told === 0 ? ['no client received a notification'] : []),
  ];
}

function flat(what: string, samples: Sample[], { share, megabytes }: { share: number; megabytes: number }): Verdict {
  const [middle, last] = WINDOWS.map((window) => medianWithin(samples, window));
  const most = middle! * (1 + share) + megabytes;
  const bound = `${Math.round(share * 100)} %${megabytes === 0 ? '' : ` and ${megabytes} MB`}`;
  const grew = `${middle!.toFixed(1)} MB, then ${last!.toFixed(1)} MB`;
  return verdict(`${what} grows by at most ${bound} after 40 s`, last! <= most ? [] : [grew]);
}

/** NaN without samples. NaN fails every bound. */
export function medianWithin(samples: Sample[], { from, to }: { from: number; to: number }): number {
  const within = samples.filter(({ at }) => at >= from && at < to).map(({ megabytes }) => megabytes);
  return within.toSorted((a, b) => a - b)[Math.floor(within.length / 2)] ?? Number.NaN;
}

/** A load without calls, failures or rejections would show nothing. */
function loadFaults({ calls, size }: Report): string[] {
  const least = (size.lastMs / MINUTE_MS) * LEAST_CALLS;
  const ends = new Set(calls.map(({ outcome }) => outcome.end));
  return [
    ...(calls.length < least ? [`only ${calls.length} calls`] : []),
    ...(calls.some(({ nonce, outcome }) => nonce !== undefined && outcome.told === 'unknown')
      ? []
      : ['no outcome was unclear']),
    ...ENDS.filter((end) => !ends.has(end)).map((end) => `no call ended with: ${end}`),
  ];
}
