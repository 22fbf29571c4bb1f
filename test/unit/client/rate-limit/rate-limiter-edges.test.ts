import { getEventListeners } from 'node:events';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { RateLimiter } from '../../../../src/client/rate-limit/rate-limiter.ts';
import { RateLimiters } from '../../../../src/client/rate-limit/rate-limiters.ts';
import { permitsInMemory } from '../../../../src/state/memory/permits.ts';
import { mostInWindow, startsOf, type Taker, take } from './permit-takers.ts';

const SECOND = 1_000;
const HOUR = 3_600_000;
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);
/** ms since the test began, on the monotonic clock. */
const now = () => performance.now();
const makeLimiter = (cap = 300) => new RateLimiter({ key: 'fingerprint', permits: permitsInMemory(), cap });
const takeMany = (limiter: RateLimiter, count: number, options: Parameters<typeof take>[1] = {}) =>
  Array.from({ length: count }, () => take(limiter, options, now));
const started = (takers: readonly Taker[]) => startsOf(takers).length;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe.each([
  ['back', -HOUR],
  ['forward', HOUR],
])('the system clock jumps %s by an hour', (_, step) => {
  const setClock = () => vi.setSystemTime(Date.now() + step);

  test('no waiting call waits longer, and no burst follows', async () => {
    const limiter = makeLimiter();
    const takers = takeMany(limiter, 700);
    await pass(10 * SECOND);
    setClock();
    takers.push(...takeMany(limiter, 300));
    await pass(0);
    expect(started(takers)).toBe(300);
    await pass(200 * SECOND);
    expect(started(takers)).toBe(1_000);
    expect(mostInWindow(startsOf(takers), 61_000)).toBe(300);
    expect(takers.at(-1)?.startedAt).toBe(183_000);
  });

  test('a hold ends when it would have ended', async () => {
    const limiter = makeLimiter();
    limiter.hold(30 * SECOND);
    const before = take(limiter, {}, now);
    await pass(10 * SECOND);
    setClock();
    const after = take(limiter, {}, now);
    await pass(100 * SECOND);
    expect([before.startedAt, after.startedAt]).toEqual([30_000, 30_000]);
  });

  test('the deadline of a waiting call does not move', async () => {
    const limiter = makeLimiter(1);
    const takers = [undefined, 62 * SECOND, 150 * SECOND].map((patience) =>
      take(limiter, patience === undefined ? {} : { deadline: Date.now() + patience }, now),
    );
    await pass(10 * SECOND);
    setClock();
    limiter.hold(52 * SECOND);
    await pass(150 * SECOND);
    expect(takers.map(({ startedAt, failedAt }) => startedAt ?? -failedAt!)).toEqual([0, -10_000, 62_000]);
  });

  test('a limiter that was just used does not count as idle', async () => {
    const limiters = new RateLimiters({ permits: permitsInMemory(), cap: 1 });
    const limiter = limiters.get('one');
    await limiter.acquire();
    setClock();
    await pass(60 * SECOND);
    expect(limiters.get('one')).toBe(limiter);
    await pass(11 * 60 * SECOND);
    expect(limiters.get('one')).not.toBe(limiter);
  });
});

describe('a hold', () => {
  test('a hold that begins in the ms in which the window opens, but before it opens, starts no call', async () => {
    const limiter = makeLimiter(2);
    setTimeout(() => limiter.hold(5 * SECOND), 61_000);
    const takers = takeMany(limiter, 4);
    await pass(61_000);
    expect(started(takers)).toBe(2);
    await pass(60_000);
    expect(startsOf(takers)).toEqual([0, 0, 66_000, 66_000]);
  });

  test('a hold that begins in the ms in which the window has opened holds the next calls', async () => {
    const limiter = makeLimiter(2);
    const takers = takeMany(limiter, 6);
    await pass(61_000);
    limiter.hold(70 * SECOND);
    await pass(200_000);
    expect(startsOf(takers)).toEqual([0, 0, 61_000, 61_000, 131_000, 131_000]);
  });

  test('a hold of 0 ms changes nothing', async () => {
    const limiter = makeLimiter(2);
    const takers = takeMany(limiter, 4, { deadline: Date.now() + 62_000 });
    await pass(SECOND);
    expect(limiter.hold(0)).toBe(0);
    await pass(100_000);
    expect(startsOf(takers)).toEqual([0, 0, 61_000, 61_000]);
  });

  test('a hold after which no call waits still ends, and leaves no timer', async () => {
    const limiter = makeLimiter(2);
    limiter.hold(30 * SECOND);
    const takers = [...takeMany(limiter, 5), ...takeMany(limiter, 5, { background: true })];
    await pass(SECOND);
    for (const taker of takers) taker.cancel();
    await pass(0);
    expect(limiter.waiting).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
    await pass(SECOND);
    const next = take(limiter, {}, now);
    await pass(60 * SECOND);
    expect(next.startedAt).toBe(30_000);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('a call that is cancelled when it would start', () => {
  test('does not start, and its permit goes to the next call at once', async () => {
    const limiter = makeLimiter(1);
    const [leaving, next] = [take(limiter, {}, now), take(limiter, {}, now)];
    leaving.cancel();
    await pass(0);
    expect(leaving.error).toMatchObject({ kind: 'cancelled', outcome: 'not_sent' });
    expect([leaving.startedAt, next.startedAt]).toEqual([undefined, 0]);
  });

  test('does not start after a wait either', async () => {
    const limiter = makeLimiter(1);
    const takers = takeMany(limiter, 3);
    await pass(60_000);
    vi.advanceTimersByTime(1_000);
    takers[1]?.cancel();
    await pass(0);
    expect(takers.map(({ startedAt }) => startedAt)).toEqual([0, undefined, 61_000]);
  });

  test('leaves no listener behind, nor does any other call', async () => {
    const limiter = makeLimiter(2);
    const controllers = Array.from({ length: 6 }, () => new AbortController());
    const takes = controllers.map(({ signal }) => limiter.acquire({ signal }).catch(() => {}));
    controllers[0]?.abort();
    await pass(61_000);
    controllers[4]?.abort();
    limiter.hold(SECOND);
    await pass(200_000);
    await Promise.all(takes);
    expect(controllers.flatMap(({ signal }) => getEventListeners(signal, 'abort'))).toEqual([]);
  });
});

test('background work alone uses four fifths of the window, or all of a window of one', async () => {
  const [wide, narrow] = [makeLimiter(300), makeLimiter(1)];
  const takers = takeMany(wide, 500, { background: true });
  const few = takeMany(narrow, 3, { background: true });
  await pass(130_000);
  expect(takers.map(({ startedAt }) => startedAt)).toEqual(takers.map((_, place) => Math.floor(place / 240) * 61_000));
  expect(few.map(({ startedAt }) => startedAt)).toEqual([0, 61_000, 122_000]);
});

test('a background call does not overtake a foreground call that asks before a late timer', async () => {
  const limiter = makeLimiter(1);
  let foreground: Taker | undefined;
  setTimeout(() => {
    foreground = take(limiter, {}, now);
  }, 61_000);
  const [, background] = [take(limiter, {}, now), take(limiter, { background: true }, now)];
  await pass(61_000);
  expect(foreground).toMatchObject({ promised: 0, startedAt: 61_000 });
  await pass(61_000);
  expect(background.startedAt).toBe(122_000);
});
