import { describe, expect, test } from 'vitest';
import {
  ANSWER,
  makeLimiter,
  mostInWindow,
  pass,
  SECOND,
  START,
  since,
  startsOf,
  take,
  takeMany,
  useFakeClock,
} from './permit-takers.ts';

useFakeClock();

describe('a 429', () => {
  test('holds the key until the requested moment', async () => {
    const limiter = makeLimiter();
    takeMany(limiter, 5);
    await pass(10 * SECOND);
    expect(limiter.hold(20_000)).toBe(20_000);
    const takers = takeMany(limiter, 3);
    await pass(19_999);
    expect(startsOf(takers)).toHaveLength(0);
    await pass(1);
    expect(takers.map(({ startedAt }) => since(startedAt))).toEqual([30_000, 30_000, 30_000]);
  });

  test.each([
    ['the longer hold first', 40_000, 10_000],
    ['the longer hold last', 10_000, 40_000],
  ])('several holds end at the latest moment, in either order: %s', async (_, first, second) => {
    const limiter = makeLimiter();
    limiter.hold(first);
    await pass(SECOND);
    expect(limiter.hold(second)).toBe(first > second ? 39_000 : 40_000);
    const taker = take(limiter);
    await pass(120 * SECOND);
    expect(since(taker.startedAt)).toBe(first > second ? 40_000 : 41_000);
  });

  test('without Retry-After holds until the oldest start is 60 s old', async () => {
    const limiter = makeLimiter();
    takeMany(limiter, 1);
    await pass(15 * SECOND);
    takeMany(limiter, 5);
    await pass(5 * SECOND);
    expect(limiter.hold()).toBe(40_000);
    const taker = take(limiter);
    await pass(120 * SECOND);
    expect(since(taker.startedAt)).toBe(60_000);
  });

  test('without Retry-After holds for at least 5 s', async () => {
    const limiter = makeLimiter();
    takeMany(limiter, 1);
    await pass(58 * SECOND);
    expect(limiter.hold()).toBe(5_000);
    await pass(120 * SECOND);
    expect(limiter.hold()).toBe(5_000);
    expect(makeLimiter().hold()).toBe(5_000);
  });

  test('a 429 with a wait of 0 holds no call', async () => {
    const limiter = makeLimiter();
    limiter.hold(0);
    const taker = take(limiter);
    await pass(1);
    expect(since(taker.startedAt)).toBe(0);
  });

  test('rejects at once exactly those waiting calls whose deadline it exceeds', async () => {
    const limiter = makeLimiter(2);
    takeMany(limiter, 2);
    await pass(0);
    const deadlines = [100, 70, 200, 130, 200].map((seconds) => START + seconds * SECOND);
    const takers = deadlines.map((deadline) => take(limiter, { deadline }));
    await pass(10 * SECOND);
    // Free permits from then on: two at 80 s, two at 141 s.
    limiter.hold(70_000);
    await pass(0);
    expect(takers.map(({ failedAt }) => since(failedAt))).toEqual([undefined, 10_000, undefined, 10_000, undefined]);
    expect(takers[1]?.error).toMatchObject({ kind: 'rate_limited', outcome: 'not_sent', retryAfterSeconds: 70 });
    expect(takers[3]?.error).toMatchObject({ kind: 'rate_limited', outcome: 'not_sent', retryAfterSeconds: 131 });
    await pass(300 * SECOND);
    expect([0, 2, 4].map((index) => since(takers[index]?.startedAt))).toEqual([80_000, 80_000, 141_000]);
  });

  test('rejects new calls whose deadline it exceeds, and estimates the wait of the others correctly', async () => {
    const limiter = makeLimiter();
    limiter.hold(50_000);
    const [early, late] = [49_999, 50_000].map((wait) => take(limiter, { deadline: START + wait + ANSWER }));
    await pass(0);
    expect(early?.error).toMatchObject({ kind: 'rate_limited', retryAfterSeconds: 50 });
    await pass(60 * SECOND);
    expect(since(late?.startedAt)).toBe(50_000);
  });

  test('causes no burst beyond the window after it ends', async () => {
    const limiter = makeLimiter(10);
    const takers = takeMany(limiter, 40);
    await pass(50 * SECOND);
    limiter.hold(20_000);
    await pass(400 * SECOND);
    expect(startsOf(takers)).toHaveLength(40);
    expect(mostInWindow(startsOf(takers), 61_000)).toBe(10);
    expect(since(takers[10]?.startedAt)).toBe(70_000);
  });
});
