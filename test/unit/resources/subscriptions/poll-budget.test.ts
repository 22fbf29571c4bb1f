import { describe, expect, test } from 'vitest';
import { PollBudget } from '../../../../src/resources/subscriptions/poll-budget.ts';

const MINUTE = 60_000;

function used(calls: number, at = 0): PollBudget {
  const budget = new PollBudget();
  for (let made = 0; made < calls; made += 1) {
    expect(budget.take(at)).toBe(true);
    budget.end(at);
  }
  return budget;
}

describe('the polling budget of a key', () => {
  test('allows six calls, and the seventh a minute after the end of the first', () => {
    const budget = used(6);
    expect(budget.take(MINUTE - 1)).toBe(false);
    expect(budget.take(MINUTE)).toBe(true);
  });

  test('counts a call from its end, because it may have been sent just before', () => {
    const budget = new PollBudget();
    for (let made = 0; made < 6; made += 1) budget.take(0);
    for (let made = 0; made < 6; made += 1) budget.end(50_000);
    expect(budget.waitFor(1, MINUTE)).toBe(50_000);
  });

  test('returns the wait for several calls', () => {
    const budget = used(4);
    budget.take(1_000);
    budget.end(2_000);
    expect([1, 2, 5, 6].map((calls) => budget.waitFor(calls, 10_000))).toEqual([0, 50_000, 50_000, 52_000]);
  });

  test('returns an infinite wait while calls in flight hold the slots', () => {
    const budget = used(3);
    budget.take(0);
    expect(budget.waitFor(6, 10)).toBe(Number.POSITIVE_INFINITY);
    expect(budget.waitFor(5, 10)).toBe(MINUTE - 10);
    budget.end(10);
    expect(budget.waitFor(6, 10)).toBe(MINUTE);
  });

  test('is unused again a minute after the last call', () => {
    const budget = used(1);
    expect(budget.isUnused(MINUTE - 1)).toBe(false);
    expect(budget.isUnused(MINUTE)).toBe(true);
  });
});
