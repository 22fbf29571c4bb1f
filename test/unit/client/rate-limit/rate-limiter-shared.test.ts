import { describe, expect, test, vi } from 'vitest';
import { RateLimiter } from '../../../../src/client/rate-limit/rate-limiter.ts';
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

describe('a background call', () => {
  test('leaves the last 60 of 300 permits free, in a burst too', async () => {
    const limiter = makeLimiter();
    const background = takeMany(limiter, 300, { background: true });
    await pass(0);
    expect(startsOf(background)).toHaveLength(240);
    const people = takeMany(limiter, 60);
    await pass(0);
    expect(startsOf(people)).toHaveLength(60);
    await pass(61 * SECOND);
    expect(startsOf(background)).toHaveLength(300);
  });

  test('does not start while other calls hold 240 permits', async () => {
    const limiter = makeLimiter();
    takeMany(limiter, 240);
    const background = take(limiter, { background: true });
    await pass(60_999);
    expect(background.startedAt).toBeUndefined();
    await pass(1);
    expect(since(background.startedAt)).toBe(61_000);
  });

  test('starts after every waiting foreground call', async () => {
    const limiter = makeLimiter(10);
    takeMany(limiter, 10);
    await pass(0);
    const background = takeMany(limiter, 3, { background: true });
    const people = takeMany(limiter, 12);
    await pass(61 * SECOND);
    expect(startsOf(people)).toHaveLength(10);
    await pass(61 * SECOND);
    expect(startsOf(people)).toHaveLength(12);
    await pass(SECOND);
    expect(background.map(({ startedAt }) => since(startedAt))).toEqual([122_000, 122_000, 122_000]);
  });

  test('waits until a hold ends', async () => {
    const limiter = makeLimiter();
    limiter.hold(20_000);
    const background = take(limiter, { background: true });
    await pass(60 * SECOND);
    expect(since(background.startedAt)).toBe(20_000);
  });

  test('is rejected at once if its wait, also during a hold, would exceed its deadline', async () => {
    const limiter = makeLimiter(10);
    takeMany(limiter, 8);
    await pass(0);
    const hopeless = take(limiter, { background: true, deadline: START + 60_999 + ANSWER });
    const hopeful = take(limiter, { background: true, deadline: START + 61_000 + ANSWER });
    const patient = take(limiter, { background: true, deadline: START + 90_000 });
    await pass(0);
    expect(hopeless).toMatchObject({ failedAt: START, error: { kind: 'rate_limited', retryAfterSeconds: 61 } });
    await pass(10 * SECOND);
    limiter.hold(60_000);
    await pass(0);
    expect(hopeful).toMatchObject({ failedAt: START + 10_000, error: { kind: 'rate_limited', retryAfterSeconds: 60 } });
    await pass(60 * SECOND);
    expect(since(patient.startedAt)).toBe(70_000);
  });

  test('a background call with a tiny cap still starts', async () => {
    const limiter = makeLimiter(1);
    const background = takeMany(limiter, 2, { background: true });
    await pass(61 * SECOND);
    expect(background.map(({ startedAt }) => since(startedAt))).toEqual([0, 61_000]);
  });
});

describe('other processes with the same key', () => {
  test('a call waits for a hold that only the store knows, and can be cancelled', async () => {
    const permits = permitsInMemory();
    const limiter = makeLimiter(5, permits);
    void permits.hold('fingerprint', 30_000);
    const takers = takeMany(limiter, 2);
    const hopeless = take(limiter, { deadline: START + 29_999 });
    await pass(5 * SECOND);
    takers[0]?.cancel();
    await pass(0);
    expect(hopeless).toMatchObject({ failedAt: START, error: { kind: 'rate_limited', retryAfterSeconds: 30 } });
    expect(takers[0]).toMatchObject({ failedAt: START + 5_000, error: { kind: 'cancelled', outcome: 'not_sent' } });
    await pass(60 * SECOND);
    expect(since(takers[1]?.startedAt)).toBe(30_000);
  });

  test('while their store is lost, a call waits for its share or fails because the store is unavailable', async () => {
    const permits = permitsInMemory();
    const shareAt = performance.now() + 30_000;
    const takeShare = () => ({
      waitMs: Math.max(0, shareAt - performance.now()),
      heldMs: 0,
      isStoreLost: true as const,
    });
    const limiter = makeLimiter(5, { ...permits, forget: () => {}, take: takeShare });
    const hopeless = take(limiter, { deadline: START + 30_000 });
    await pass(0);
    const hopeful = take(limiter, { deadline: START + 30_000 + ANSWER });
    await pass(30 * SECOND);
    expect(hopeless).toMatchObject({ failedAt: START, error: { kind: 'store_unavailable', outcome: 'not_sent' } });
    expect(since(hopeful.startedAt)).toBe(30_000);
  });

  test('share one budget', async () => {
    const permits = permitsInMemory();
    const takers = [...takeMany(makeLimiter(10, permits), 10), ...takeMany(makeLimiter(10, permits), 10)];
    await pass(0);
    expect(startsOf(takers)).toHaveLength(10);
    await pass(200 * SECOND);
    expect(startsOf(takers)).toHaveLength(20);
    expect(mostInWindow(startsOf(takers), 60_990)).toBe(10);
  });
});

describe('the rate limiters of all keys', () => {
  test('all callers share the limiter of a key', () => {
    const limiters = new RateLimiters({ permits: permitsInMemory(), cap: 300 });
    expect(limiters.get('one')).toBe(limiters.get('one'));
    expect(limiters.get('one')).not.toBe(limiters.get('two'));
  });

  test('forget an idle limiter after ten minutes, also in the store', async () => {
    const forgotten: string[] = [];
    const permits = { ...permitsInMemory(), forget: (key: string) => void forgotten.push(key) };
    const limiters = new RateLimiters({ permits, cap: 300 });
    const [idle, used] = [limiters.get('idle'), limiters.get('used')];
    take(idle);
    for (let minute = 0; minute < 10; minute += 1) {
      expect(limiters.get('idle')).toBe(idle);
      take(used);
      await pass(60 * SECOND);
    }
    await pass(61 * SECOND);
    expect(forgotten).toEqual(['idle']);
    expect(limiters.get('idle')).not.toBe(idle);
    expect(limiters.get('used')).toBe(used);
  });

  test('keep a limiter with a waiting call, and the starts of calls that waited long', async () => {
    const limiters = new RateLimiters({ permits: permitsInMemory(), cap: 1 });
    const limiter = limiters.get('one');
    const takers = takeMany(limiter, 13);
    await pass(12 * 61 * SECOND + SECOND);
    expect(startsOf(takers)).toHaveLength(13);
    expect(limiters.get('one')).toBe(limiter);
    await pass(5 * 60 * SECOND);
    expect(limiters.get('one')).toBe(limiter);
  });

  describe('of more keys than the bound', () => {
    const MOST = 10_000;
    const isKept = (limiters: RateLimiters, key: string, limiter: RateLimiter) => limiters.get(key) === limiter;

    test('keep those used last, up to the bound', () => {
      const limiters = new RateLimiters({ permits: permitsInMemory(), cap: 300 });
      const [first, second] = [limiters.get('first'), limiters.get('second')];
      for (let key = 0; key < MOST - 2; key += 1) limiters.get(`key ${key}`);
      expect(isKept(limiters, 'first', first)).toBe(true);
      limiters.get('one more');
      expect(isKept(limiters, 'first', first)).toBe(true);
      expect(isKept(limiters, 'second', second)).toBe(false);
    });

    test('evict an empty window before a used one, and never a waiting call', async () => {
      const limiters = new RateLimiters({ permits: permitsInMemory(), cap: 1 });
      const [busy, used, idle] = [limiters.get('busy'), limiters.get('used'), limiters.get('idle')];
      const takers = takeMany(busy, 2);
      take(used);
      await pass(0);
      for (let key = 0; key < MOST - 3; key += 1) take(limiters.get(`key ${key}`));
      await pass(0);
      limiters.get('another');
      expect(isKept(limiters, 'used', used)).toBe(true);
      expect(isKept(limiters, 'busy', busy)).toBe(true);
      expect(isKept(limiters, 'idle', idle)).toBe(false);
      // Now every window has a start, and `busy` has a waiting call.
      for (let key = 0; key < MOST + 10; key += 1) take(limiters.get(`later key ${key}`));
      expect(isKept(limiters, 'busy', busy)).toBe(true);
      expect(isKept(limiters, 'used', used)).toBe(false);
      await pass(61 * SECOND);
      expect(startsOf(takers)).toHaveLength(2);
    });

    test('apply its limit and hold to a key that returns within its minute', async () => {
      const limiters = new RateLimiters({ permits: permitsInMemory(), cap: 5 });
      const [limited, held] = [limiters.get('limited'), limiters.get('held')];
      const before = takeMany(limited, 5);
      held.hold(30_000);
      await pass(0);
      for (let key = 0; key < MOST + 10; key += 1) take(limiters.get(`key ${key}`));
      expect(isKept(limiters, 'limited', limited)).toBe(false);
      expect(isKept(limiters, 'held', held)).toBe(false);
      const after = takeMany(limiters.get('limited'), 5);
      const patient = take(limiters.get('held'));
      await pass(60 * SECOND);
      expect(startsOf(before)).toHaveLength(5);
      expect(startsOf(after)).toHaveLength(0);
      expect(since(patient.startedAt)).toBe(30_000);
      await pass(2 * SECOND);
      expect(startsOf(after)).toHaveLength(5);
    });

    test('check few limiters for an eviction', async () => {
      const limiters = new RateLimiters({ permits: permitsInMemory(), cap: 1 });
      for (let key = 0; key < MOST; key += 1) void limiters.get(`key ${key}`).acquire();
      const checks = vi.spyOn(RateLimiter.prototype, 'used', 'get');
      limiters.get('one more');
      expect(checks.mock.calls.length).toBeLessThan(300);
      checks.mockRestore();
    });
  });

  test('leave no timer when no limiter is left', async () => {
    const limiters = new RateLimiters({ permits: permitsInMemory(), cap: 300 });
    take(limiters.get('one'));
    await pass(12 * 60 * SECOND);
    expect(vi.getTimerCount()).toBe(0);
  });
});
