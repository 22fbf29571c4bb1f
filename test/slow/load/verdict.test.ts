import { expect, test } from 'vitest';
import type { Landed } from './heyreach.ts';
import { type Call, FULL, type Report } from './load.ts';
import type { Outcome } from './outcome.ts';
import { judge } from './verdict.ts';

const at = (ms: number, megabytes: number) => ({ at: ms, megabytes });
const call = (outcome: Outcome, more: Partial<Call> = {}): Call => ({
  client: 1,
  kind: 'plain2026',
  method: 'tools/call',
  name: 'create_list',
  at: 1_000,
  ms: 100,
  outcome,
  ...more,
});
const unclear = { end: 'tool error', told: 'unknown', kind: 'connection', faults: [] } as const;
const done = { end: 'result', faults: [] } as const;
const request = (more: Partial<Landed> = {}): Landed => ({
  owner: 1,
  at: 1_000,
  status: 200,
  route: 'POST /list/CreateEmptyList',
  nonces: [],
  strangers: [],
  ...more,
});

/** A load without a violation. */
function goodReport(): Report {
  return {
    size: FULL,
    calls: [
      ...Array.from({ length: 2_000 }, () => call({ ...done, faults: [] })),
      call({ ...unclear, faults: [] }, { nonce: 'owner-01-n1x' }),
      call({ end: 'protocol error', kind: '-32602', faults: [] }),
      call({ end: 'left', faults: [] }),
      call({ end: 'refused', kind: '429', faults: [] }),
      call({ ...done, faults: [] }, { ms: 54_900 }),
    ],
    landed: [request({ nonces: ['owner-01-n1x'] }), request({ nonces: ['owner-01-n1x'], status: 429 })],
    resident: [at(10_000, 90), at(30_000, 150), at(50_000, 160)],
    heap: [at(10_000, 30), at(30_000, 45), at(50_000, 48)],
    heldUp: { during: () => 0, before: () => 0 },
    processors: { server: 0.3, clients: 0.2, heyreach: 0.1 },
    streams: { asked: 8, open: 8, told: 3 },
    leftOver: {},
    ended: 0,
    complaints: [],
  };
}

const failing = (report: Report) => judge(report).filter(({ against }) => against.length > 0);

test('a load without a violation passes', () => {
  expect(failing(goodReport())).toEqual([]);
});

test.each<[what: string, change: (report: Report) => unknown, holds: RegExp, against: RegExp]>([
  ['ends with 1', (report) => Object.assign(report, { ended: 1 }), /ends with 0/, /ended: 1/],
  ['warns', (report) => Object.assign(report, { complaints: ['(node:1) MaxListeners'] }), /warning/, /MaxListeners/],
  ['answers unclearly', (report) => report.calls[0]!.outcome.faults.push('is odd'), /clear error/, /is odd/],
  ['is late', (report) => Object.assign(report.calls[0]!, { ms: 55_100 }), /none is later than 55 s/, /took 55.1 s/],
  [
    'delays a call that waits for nothing',
    (report) => Object.assign(report.calls[0]!, { expected: 'result', ms: 1_200 }),
    /within a second/,
    /took 1.2 s/,
  ],
  [
    'mixes up keys',
    (report) => report.landed.push(request({ strangers: ['owner-07'] })),
    /the key of one owner/,
    /key of owner 1 and a text of owner-07/,
  ],
  [
    'sends twice',
    (report) => report.landed.push(request({ nonces: ['owner-01-n1x'] })),
    /no write is made twice/,
    /came 2 times/,
  ],
  [
    'sends a write that it reports as not sent',
    (report) => Object.assign(report.calls.find(({ nonce }) => nonce)!.outcome, { told: 'not_sent' }),
    /no write is made twice/,
    /told as not sent/,
  ],
  [
    'reports a write as done that it did not send',
    (report) => report.calls.push(call({ ...done, faults: [] }, { nonce: 'owner-01-n2x' })),
    /no write is made twice/,
    /never came/,
  ],
  [
    'makes too many requests',
    (report) => report.landed.push(...Array.from({ length: 300 }, () => request({ at: 60_900 }))),
    /more than 300/,
    /owner 1: 301 in 59900 ms/,
  ],
  ['loses a stream', (report) => Object.assign(report.streams, { open: 7 }), /streams/, /1 of 8 ended/],
  ['notifies no client', (report) => Object.assign(report.streams, { told: 0 }), /streams/, /no client received/],
  [
    'leaves something unfinished',
    (report) => Object.assign(report.leftOver, { upstream_waiting: 2 }),
    /nothing is in flight/,
    /upstream_waiting 2/,
  ],
  ['keeps memory', (report) => report.heap.push(at(51_000, 52)), /heap/, /45.0 MB, then 52.0 MB/],
  ['grows', (report) => report.resident.push(at(51_000, 173)), /resident/, /150.0 MB, then 173.0 MB/],
  ['has no measurements', (report) => Object.assign(report, { heap: [] }), /heap/, /NaN/],
  ['has too few calls', (report) => report.calls.splice(0, 1_990), /load was one/, /only \d+ calls/],
])('a server that %s fails', (_what, change, holds, against) => {
  const report = goodReport();
  change(report);
  const failed = failing(report);
  expect(failed.map((verdict) => verdict.holds).join()).toMatch(holds);
  expect(failed.flatMap((verdict) => verdict.against).join()).toMatch(against);
});

test('a delay by the machine does not count as a fault of the server', () => {
  const report = goodReport();
  Object.assign(report.calls[0]!, { ms: 55_900 });
  report.landed.push(...Array.from({ length: 300 }, () => request({ at: 61_500 })));
  expect(failing({ ...report, heldUp: { during: () => 1_000, before: () => 0 } })).toEqual([]);
});

test('a short load does not judge the memory', () => {
  const report = { ...goodReport(), size: { ...FULL, lastMs: 10_000 }, heap: [], resident: [] };
  expect(failing(report)).toEqual([]);
});
