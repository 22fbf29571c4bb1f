import type { Call, Sample } from './load.ts';
import type { SoakReport } from './soak.ts';
import {
  describe,
  faultsOf,
  medianWithin,
  onceFaults,
  quotaFaults,
  strangersAmong,
  type Verdict,
  verdict,
} from './verdict.ts';

const MINUTE_MS = 60_000;
/** Calls in a minute: a quarter of what an idle machine can do. */
const LEAST_CALLS = 600;
const STALL_MS = 1_000;
/** The memory of a shorter load shows caches that fill. */
const LEAST_FOR_MEMORY_MS = 10 * MINUTE_MS;
const HEAP_GROWTH = { share: 0.1, megabytes: 2 };
const RESIDENT_GROWTH = { share: 0.15, megabytes: 0 };

/** Judges a soak by all its rules. Rules that a shorter soak cannot check are omitted. */
export function judgeSoak(fullReport: SoakReport): Verdict[] {
  const report = { ...fullReport, calls: fullReport.calls.filter((call) => !isExcused(call, fullReport)) };
  const { size, calls, landed, rolls, ended, heldUp } = report;
  const timeoutMs = size.timeoutSeconds * 1_000;
  return [
    verdict('every replica lives until it is stopped, and ends with 0', [
      ...rolls.filter(({ code }) => code !== 0).map(({ replica, code }) => `replica ${replica} ended: ${code}`),
      ...ended.filter((code) => code !== 0).map((code) => `at the end: ${code}`),
    ]),
    verdict('one replica is stopped and started again each time it is due', rollFaults(report)),
    verdict(
      'no replica logs an error',
      report.complaints.filter((line) => !isOfMachine(line, report)),
    ),
    verdict('every call has a result, a clear error, or a rejection', calls.flatMap(faultsOf)),
    verdict(
      `none is later than ${size.timeoutSeconds} s`,
      calls.filter((call) => call.ms > timeoutMs + heldUp.during(call)).map(describe),
    ),
    verdict('the outcome of every write is known, and true', [...unknownWrites(report), ...onceFaults(calls, landed)]),
    verdict('no request carries the key of one owner and the text of another', strangersAmong(landed)),
    verdict('no key makes more than 300 requests in a minute, over all replicas', quotaFaults(report)),
    verdict(
      'nothing is in flight once every call has ended',
      Object.entries(report.leftOver).map(([name, count]) => `${name} ${count}`),
    ),
    ...(size.lastMs < LEAST_FOR_MEMORY_MS
      ? []
      : [
          flat('heap', report.heap, size.lastMs, HEAP_GROWTH),
          flat('resident memory', report.resident, size.lastMs, RESIDENT_GROWTH),
        ]),
    verdict('the load was one', loadFaults(report)),
  ];
}

/** A call whose client gave up because the machine, not the server, delayed it for all the time beyond the deadline. */
function isExcused({ outcome, ms, at }: Call, { size, heldUp }: SoakReport): boolean {
  const hasGivenUp = outcome.end === undefined && outcome.faults.some((fault) => fault.startsWith('was not answered'));
  return hasGivenUp && ms <= size.timeoutSeconds * 1_000 + heldUp.during({ at, ms });
}

/** A Redis that the machine delays for two seconds counts as unavailable. */
function isOfMachine(line: string, { heldUp }: SoakReport): boolean {
  const time = Number(/"time":(\d+)/.exec(line)?.[1]);
  return line.includes('no answer within 2000 ms') && heldUp.before(time) >= STALL_MS;
}

function rollFaults({ rolls, size }: SoakReport): string[] {
  // A replica may take a minute and a half to stop, and the next stop waits for it.
  const least = Math.max(1, Math.floor((size.lastMs - 1) / (size.rollMs * 2)));
  return rolls.length < least ? [`${rolls.length} rolls, of at least ${least}`] : [];
}

/** Writes that must not be repeated, and whose caller waited but got no outcome. */
function unknownWrites({ calls }: SoakReport): string[] {
  return calls
    .filter(({ nonce, outcome }) => nonce !== undefined && outcome.end === undefined)
    .map((call) => `${describe(call)}: no outcome`);
}

/** Compares the memory in the first third with the memory in the last. */
function flat(
  what: string,
  samples: Sample[],
  lastMs: number,
  { share, megabytes }: { share: number; megabytes: number },
): Verdict {
  const first = medianWithin(samples, { from: 0, to: lastMs / 3 });
  const last = medianWithin(samples, { from: (lastMs * 2) / 3, to: lastMs });
  const bound = `${Math.round(share * 100)} %${megabytes === 0 ? '' : ` and ${megabytes} MB`}`;
  const grew = `${first.toFixed(1)} MB, then ${last.toFixed(1)} MB`;
  const isFlat = last <= first * (1 + share) + megabytes;
  return verdict(`${what} grows by at most ${bound} from the first third to the last`, isFlat ? [] : [grew]);
}

/** A load without calls, without failures, or without calls during a stop would show nothing. */
function loadFaults({ calls, size }: SoakReport): string[] {
  const least = (size.lastMs / MINUTE_MS) * LEAST_CALLS;
  const has = (what: string, isThere: boolean) => (isThere ? [] : [`no call ${what}`]);
  return [
    ...(calls.length < least ? [`only ${calls.length} calls`] : []),
    ...has(
      'had an unclear outcome',
      calls.some(({ nonce, outcome }) => nonce !== undefined && outcome.told === 'unknown'),
    ),
    ...has(
      'met a replica that stops',
      calls.some(({ outcome }) => outcome.kind === '503'),
    ),
  ];
}
