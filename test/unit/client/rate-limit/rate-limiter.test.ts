import { describe, expect, test } from 'vitest';
import { RateLimiters } from '../../../../src/client/rate-limit/rate-limiters.ts';
import { permitsInMemory } from '../../../../src/state/memory/permits.ts';
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

describe('the window', () => {
  test('allows 300 calls at once, and the 301st exactly 61 s later', async () => {
    const takers = takeMany(makeLimiter(), 301);
    await pass(0);
    expect(startsOf(takers)).toHaveLength(300);
    await pass(60_999);
    expect(startsOf(takers)).toHaveLength(300);
    await pass(1);
    expect(since(takers[300]?.startedAt)).toBe(61_000);
  });

  test('grants permits in the order of requests', async () => {
    const takers = takeMany(makeLimiter(3), 10);
    await pass(200 * SECOND);
    expect(takers.map(({ startedAt }) => since(startedAt))).toEqual([
      ...[0, 0, 0],
      ...[61_000, 61_000, 61_000],
      ...[122_000, 122_000, 122_000],
      183_000,
    ]);
  });

  test('slides: two half bursts free their permits one after the other', async () => {
    const limiter = makeLimiter();
    const early = takeMany(limiter, 150);
    await pass(40 * SECOND);
    const late = takeMany(limiter, 150);
    const waiting = takeMany(limiter, 200);
    await pass(200 * SECOND);
    const starts = startsOf([...early, ...late, ...waiting]);
    expect(starts).toHaveLength(500);
    expect(mostInWindow(starts, 61_000)).toBe(300);
    expect(waiting.filter(({ startedAt }) => since(startedAt) === 61_000)).toHaveLength(150);
    expect(waiting.filter(({ startedAt }) => since(startedAt) === 101_000)).toHaveLength(50);
  });

  test('never has more than 300 starts under a steady stream, and allows 300 every 61 s', async () => {
    const limiter = makeLimiter();
    const takers: ReturnType<typeof take>[] = [];
    for (let tick = 0; tick < 120; tick += 1) {
      takers.push(...takeMany(limiter, 10));
      await pass(SECOND);
    }
    await pass(300 * SECOND);
    const starts = startsOf(takers);
    expect(starts).toHaveLength(1_200);
    expect(mostInWindow(starts, 61_000)).toBe(300);
    expect(since(starts.at(-1))).toBeLessThanOrEqual(3 * 61_000 + 30_000);
  });

  test('counts two keys separately', async () => {
    const limiters = new RateLimiters({ permits: permitsInMemory(), cap: 2 });
    const takers = [...takeMany(limiters.get('one'), 2), ...takeMany(limiters.get('two'), 2)];
    await pass(0);
    expect(startsOf(takers)).toHaveLength(4);
  });
});

describe('waits that would exceed the deadline', () => {
  const full = async (cap: number) => {
    const limiter = makeLimiter(cap);
    takeMany(limiter, cap);
    await pass(0);
    return limiter;
  };

  test('fail at once, with the seconds until a permit is free', async () => {
    const limiter = await full(300);
    await pass(20 * SECOND);
    const taker = take(limiter, { deadline: Date.now() + 40 * SECOND });
    await pass(0);
    expect(since(taker.failedAt)).toBe(20_000);
    expect(taker.error).toMatchObject({
      kind: 'rate_limited',
      outcome: 'not_sent',
      status: undefined,
      retryAfterSeconds: 41,
      nextStep: 'Try again in 41 s.',
    });
  });

  test('are estimated to the millisecond, also behind other calls', async () => {
    const limiter = await full(2);
    const second = takeMany(limiter, 2);
    expect(limiter.expectedWait()).toBe(122_000);
    const inTime = take(limiter, { deadline: START + 122_000 + ANSWER });
    const tooLate = take(limiter, { deadline: START + 121_999 + ANSWER });
    await pass(0);
    expect(tooLate.error).toMatchObject({ kind: 'rate_limited', retryAfterSeconds: 122 });
    await pass(200 * SECOND);
    expect(second.map(({ startedAt }) => since(startedAt))).toEqual([61_000, 61_000]);
    expect(since(inTime.startedAt)).toBe(122_000);
  });

  test('are short enough once earlier calls are cancelled', async () => {
    const limiter = await full(1);
    const ahead = take(limiter);
    await pass(SECOND);
    expect(take(limiter, { deadline: START + 70_000 })).toBeDefined();
    ahead.cancel();
    await pass(0);
    const taker = take(limiter, { deadline: START + 70_000 });
    await pass(61 * SECOND);
    expect(since(taker.startedAt)).toBe(61_000);
  });

  test('the 1,001st waiting call is rejected, and takes no permit', async () => {
    const limiter = await full(1);
    const waiting = takeMany(limiter, 1_000);
    const refused = take(limiter);
    await pass(0);
    expect(limiter.waiting).toBe(1_000);
    expect(refused.error).toMatchObject({ kind: 'queue_full', outcome: 'not_sent', retryAfterSeconds: 61_061 });
    expect(waiting.every(({ failedAt }) => failedAt === undefined)).toBe(true);
    waiting[7]?.cancel();
    await pass(0);
    expect(limiter.waiting).toBe(999);
    const accepted = take(limiter);
    await pass(0);
    expect(accepted.error).toBeUndefined();
    expect(limiter.waiting).toBe(1_000);
  });

  test('background calls count among the 1,000', async () => {
    const limiter = await full(1);
    takeMany(limiter, 400);
    takeMany(limiter, 600, { background: true });
    const refused = [take(limiter), take(limiter, { background: true })];
    await pass(0);
    expect(limiter.waiting).toBe(1_000);
    expect(refused.map(({ error }) => error)).toMatchObject([{ kind: 'queue_full' }, { kind: 'queue_full' }]);
  });
});

describe('cancelled calls', () => {
  test('never start, and the next call takes their place', async () => {
    const limiter = makeLimiter(2);
    const first = takeMany(limiter, 2);
    const [cancelled, next] = [take(limiter), take(limiter)];
    await pass(10 * SECOND);
    cancelled.cancel();
    await pass(0);
    expect(cancelled).toMatchObject({ failedAt: START + 10_000, error: { kind: 'cancelled', outcome: 'not_sent' } });
    const last = take(limiter);
    await pass(300 * SECOND);
    expect(cancelled.startedAt).toBeUndefined();
    expect([first[0], next, last].map((taker) => since(taker?.startedAt))).toEqual([0, 61_000, 61_000]);
  });

  test('calls that are cancelled before they ask never wait', async () => {
    const limiter = makeLimiter(2);
    await expect(limiter.acquire({ signal: AbortSignal.abort() })).rejects.toMatchObject({
      kind: 'cancelled',
      outcome: 'not_sent',
    });
    const takers = takeMany(limiter, 2);
    await pass(0);
    expect(startsOf(takers)).toHaveLength(2);
  });

  test('leave during a hold and in the background too', async () => {
    const limiter = makeLimiter(2);
    limiter.hold(30_000);
    const takers = [take(limiter), take(limiter, { background: true }), take(limiter)];
    await pass(SECOND);
    takers[0]?.cancel();
    takers[1]?.cancel();
    await pass(0);
    for (const left of takers.slice(0, 2)) expect(left.error).toMatchObject({ kind: 'cancelled', outcome: 'not_sent' });
    expect(limiter.waiting).toBe(1);
    await pass(60 * SECOND);
    expect(takers.map(({ startedAt }) => since(startedAt))).toEqual([undefined, undefined, 30_000]);
  });

  test('a call whose deadline passes while it waits gets a timeout, not a cancellation', async () => {
    const limiter = makeLimiter(1);
    await limiter.acquire();
    const controller = new AbortController();
    const waiting = limiter.acquire({ signal: controller.signal });
    controller.abort('deadline');
    await expect(waiting).rejects.toMatchObject({ kind: 'timeout', outcome: 'not_sent' });
  });
});
