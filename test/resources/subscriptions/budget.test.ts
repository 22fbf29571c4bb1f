import { describe, expect, test } from 'vitest';
import { Budget } from '../../../src/resources/subscriptions/budget.ts';

const MINUTE = 60_000;

function used(calls: number, at = 0): Budget {
  const budget = new Budget();
  for (let made = 0; made < calls; made += 1) {
    expect(budget.take(at)).toBe(true);
    budget.end(at);
  }
  return budget;
}

describe('what looking for changes may cost', () => {
  test('is six calls, and the seventh a minute after the first has ended', () => {
    const budget = used(6);
    expect(budget.take(MINUTE - 1)).toBe(false);
    expect(budget.take(MINUTE)).toBe(true);
  });

  test('counts a call from its end: it may have left just before', () => {
    const budget = new Budget();
    for (let made = 0; made < 6; made += 1) budget.take(0);
    for (let made = 0; made < 6; made += 1) budget.end(50_000);
    expect(budget.waitFor(1, MINUTE)).toBe(50_000);
  });

  test('says how long to wait for several calls', () => {
    const budget = used(4);
    budget.take(1_000);
    budget.end(2_000);
    expect([1, 2, 5, 6].map((calls) => budget.waitFor(calls, 10_000))).toEqual([0, 50_000, 50_000, 52_000]);
  });

  test('waits for what is under way without knowing when it ends', () => {
    const budget = used(3);
    budget.take(0);
    expect(budget.waitFor(6, 10)).toBe(Number.POSITIVE_INFINITY);
    expect(budget.waitFor(5, 10)).toBe(MINUTE - 10);
    budget.end(10);
    expect(budget.waitFor(6, 10)).toBe(MINUTE);
  });

  test('is whole again when all is a minute ago', () => {
    const budget = used(1);
    expect(budget.isWhole(MINUTE - 1)).toBe(false);
    expect(budget.isWhole(MINUTE)).toBe(true);
  });
});
