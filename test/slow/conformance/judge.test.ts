import { expect, test } from 'vitest';
import { judge, type Outcome } from './judge.ts';

const ledger = { scenarios: 3, failing: { a: 'why' }, notScored: { b: 'why' }, skipped: { 'c:two': 'why' } };

const outcome = (scenario: string, isScored: boolean, ...statuses: string[]): Outcome => ({
  scenario,
  isScored,
  checks: statuses.map((status, at) => ({ id: ['one', 'two', 'three'][at]!, status })),
});
const asKnown = [
  outcome('a', true, 'SUCCESS', 'FAILURE'),
  outcome('b', false, 'WARNING'),
  outcome('c', true, 'SUCCESS', 'SKIPPED', 'INFO'),
];
const faultsWith = (...others: Outcome[]) => {
  const outcomes = asKnown.map((known) => others.find(({ scenario }) => scenario === known.scenario) ?? known);
  return judge(outcomes, ledger).faults;
};

test('a run that matches the ledger is a success', () => {
  expect(judge(asKnown, ledger)).toEqual({ passed: 1, failing: ['a'], notScored: ['b'], faults: [] });
});

test('a failure or a skip without an entry in the ledger is a fault, and so is a scenario without checks', () => {
  expect(faultsWith(outcome('c', true, 'FAILURE', 'SKIPPED'))).toEqual([
    'failing: c is not in the ledger\n    one: FAILURE',
  ]);
  expect(faultsWith(outcome('c', true, 'WARNING', 'SKIPPED'))).toEqual([
    'failing: c is not in the ledger\n    one: WARNING',
  ]);
  expect(faultsWith(outcome('c', false, 'FAILURE', 'SKIPPED'))).toEqual([
    expect.stringMatching(/^notScored: c is not/),
  ]);
  expect(faultsWith(outcome('c', true, 'SKIPPED', 'SKIPPED'))).toEqual(['skipped: c:one is not in the ledger']);
  expect(faultsWith(outcome('c', true))).toContain('c checked nothing');
});

test('an outdated entry of the ledger is a fault', () => {
  expect(faultsWith(outcome('a', true, 'SUCCESS'))).toEqual([expect.stringMatching(/^failing: a is in the ledger/)]);
  expect(faultsWith(outcome('b', false, 'SUCCESS'))).toEqual([expect.stringMatching(/^notScored: b is in the/)]);
  expect(faultsWith(outcome('c', true, 'SUCCESS', 'SUCCESS'))).toEqual([expect.stringMatching(/^skipped: c:two is/)]);
});

test('an entry of the ledger matches only with the same scoring', () => {
  expect(faultsWith(outcome('a', false, 'FAILURE'))).toHaveLength(2);
  expect(faultsWith(outcome('b', true, 'FAILURE'))).toHaveLength(2);
});

test('a missing scenario is a fault, even if the ledger names it', () => {
  expect(judge(asKnown.slice(0, 2), ledger).faults).toHaveLength(2);
  expect(judge([], ledger).faults).toHaveLength(4);
});
