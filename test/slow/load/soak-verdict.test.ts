import { expect, test } from 'vitest';
import type { Landed } from './heyreach.ts';
import type { Call } from './load.ts';
import type { Outcome } from './outcome.ts';
import type { SoakReport } from './soak.ts';
import { judgeSoak } from './soak-verdict.ts';

const MINUTE_MS = 60_000;
const at = (minute: number, megabytes: number) => ({ at: minute * MINUTE_MS, megabytes });
const call = (outcome: Outcome, more: Partial<Call> = {}): Call => ({
  ...{ client: 1, kind: 'plain2026', method: 'tools/call', name: 'send_message', at: 1_000, ms: 100 },
  ...{ outcome, ...more },
});
const done = (): Outcome => ({ end: 'result', faults: [] });
const request = (more: Partial<Landed> = {}): Landed => ({
  ...{ owner: 1, at: 1_000, status: 200, route: 'POST /inbox/SendMessage', nonces: [], strangers: [] },
  ...more,
});

/** A soak of fifteen minutes without a violation. */
function goodReport(): SoakReport {
  return {
    size: { lastMs: 15 * MINUTE_MS, rollMs: 2 * MINUTE_MS, timeoutSeconds: 55 },
    calls: [
      ...Array.from({ length: 10_000 }, () => call(done())),
      call({ end: 'tool error', told: 'unknown', kind: 'connection', faults: [] }, { nonce: 'owner-01-n1x' }),
      call(done(), { nonce: 'owner-01-n2x', ms: 54_900 }),
      call({ end: 'refused', kind: '503', faults: [] }),
      call({ end: 'refused', kind: '502', faults: [] }, { nonce: 'owner-01-n3x' }),
    ],
    landed: [request({ nonces: ['owner-01-n1x'] }), request({ nonces: ['owner-01-n2x'] })],
    resident: [at(2, 150), at(7, 150), at(12, 165)],
    heap: [at(2, 45), at(7, 45), at(12, 50)],
    heldUp: { during: () => 0, before: () => 0 },
    rolls: Array.from({ length: 7 }, (_, roll) => ({ replica: 1 + (roll % 2), ms: 30_000, code: 0 })),
    leftOver: {},
    ended: [0, 0, 0],
    complaints: [],
    redisMegabytes: 2,
  };
}

const failing = (report: SoakReport) => judgeSoak(report).filter(({ against }) => against.length > 0);

test('a soak without a violation passes', () => {
  expect(failing(goodReport())).toEqual([]);
});

test.each<[what: string, change: (report: SoakReport) => unknown, holds: RegExp, against: RegExp]>([
  ['loses a replica', (report) => Object.assign(report.rolls[3]!, { code: 'SIGKILL' }), /ends with 0/, /SIGKILL/],
  ['ends with 1', (report) => report.ended.splice(1, 1, 1), /ends with 0/, /at the end: 1/],
  ['stops no replica', (report) => report.rolls.splice(1), /stopped and started/, /1 rolls, of at least 3/],
  ['logs an error', (report) => Object.assign(report, { complaints: ['{"level":50}'] }), /logs an error/, /50/],
  ['answers unclearly', (report) => report.calls[0]!.outcome.faults.push('is odd'), /clear error/, /is odd/],
  ['is late', (report) => Object.assign(report.calls[0]!, { ms: 55_100 }), /later than 55 s/, /took 55.1 s/],
  [
    'loses the outcome of a write',
    (report) => report.calls.push(call({ end: undefined, faults: [] }, { nonce: 'owner-01-n4x' })),
    /outcome of every write/,
    /no outcome/,
  ],
  [
    'sends twice',
    (report) => report.landed.push(request({ nonces: ['owner-01-n2x'] })),
    /outcome of every write/,
    /came 2 times/,
  ],
  [
    'sends a write that it reports as not sent',
    (report) => Object.assign(report.calls.find(({ nonce }) => nonce)!.outcome, { told: 'not_sent' }),
    /outcome of every write/,
    /told as not sent/,
  ],
  [
    'reports a write as done that it did not send',
    (report) => report.calls.push(call(done(), { nonce: 'owner-01-n5x' })),
    /outcome of every write/,
    /never came/,
  ],
  [
    'breaks a call after its write was sent',
    (report) => report.landed.push(request({ nonces: ['owner-01-n3x'] })),
    /outcome of every write/,
    /had no answer/,
  ],
  [
    'mixes up keys',
    (report) => report.landed.push(request({ strangers: ['owner-07'] })),
    /the key of one owner/,
    /a text of owner-07/,
  ],
  [
    'makes too many requests',
    (report) => report.landed.push(...Array.from({ length: 300 }, () => request({ at: 60_900 }))),
    /more than 300/,
    /owner 1: 301 in 59900 ms/,
  ],
  [
    'leaves something unfinished',
    (report) => Object.assign(report.leftOver, { '1: upstream_waiting': 2 }),
    /nothing is in flight/,
    /upstream_waiting 2/,
  ],
  ['keeps memory', (report) => report.heap.push(at(13, 53)), /heap/, /45.0 MB, then 53.0 MB/],
  ['grows', (report) => report.resident.push(at(13, 174)), /resident/, /150.0 MB, then 174.0 MB/],
  ['has no measurements', (report) => Object.assign(report, { heap: [] }), /heap/, /NaN/],
  ['has too few calls', (report) => report.calls.splice(0, 9_000), /load was one/, /only \d+ calls/],
  [
    'has no call during a stop',
    (report) => report.calls.splice(10_002, 1),
    /load was one/,
    /no call met a replica that stops/,
  ],
])('a soak that %s fails', (_what, change, holds, against) => {
  const report = goodReport();
  change(report);
  const failed = failing(report);
  expect(failed.map((verdict) => verdict.holds).join()).toMatch(holds);
  expect(failed.flatMap((verdict) => verdict.against).join()).toMatch(against);
});

test('a short soak does not judge the memory', () => {
  const size = { lastMs: 2 * MINUTE_MS, rollMs: 40_000, timeoutSeconds: 55 };
  expect(failing({ ...goodReport(), size, heap: [], resident: [] })).toEqual([]);
});

test('a delay by the machine does not count as a fault of the replicas', () => {
  const report = goodReport();
  const faults = ['was not answered for 75 s'];
  report.calls.push(call({ end: undefined, faults }, { nonce: 'owner-01-n6x', ms: 75_000 }));
  const complaints = ['{"level":50,"time":1000,"err":"no answer within 2000 ms"}'];
  expect(failing({ ...report, complaints })).toHaveLength(4);
  const heldUp = { during: () => 20_000, before: () => 2_000 };
  expect(failing({ ...report, complaints, heldUp })).toEqual([]);
});
