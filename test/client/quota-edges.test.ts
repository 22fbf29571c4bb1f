import { getEventListeners } from 'node:events';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Quota } from '../../src/client/quota.ts';
import { Quotas } from '../../src/client/quotas.ts';
import { createMemoryStore } from '../../src/client/store.ts';
import { mostInWindow, startsOf, type Taker, take } from './takers.ts';

const SECOND = 1_000;
const HOUR = 3_600_000;
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);
/** ms since the test began, on the clock that is not set. */
const now = () => performance.now();
const makeQuota = (cap = 300) => new Quota({ key: 'fingerprint', store: createMemoryStore(), cap });
const takeMany = (quota: Quota, count: number, options: Parameters<typeof take>[1] = {}) =>
  Array.from({ length: count }, () => take(quota, options, now));
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
])('the system clock is set %s by an hour', (_, step) => {
  const setClock = () => vi.setSystemTime(Date.now() + step);

  test('while calls wait: nobody waits longer for it, and no burst comes of it', async () => {
    const quota = makeQuota();
    const takers = takeMany(quota, 700);
    await pass(10 * SECOND);
    setClock();
    takers.push(...takeMany(quota, 300));
    await pass(0);
    expect(started(takers)).toBe(300);
    await pass(200 * SECOND);
    expect(started(takers)).toBe(1_000);
    expect(mostInWindow(startsOf(takers), 61_000)).toBe(300);
    expect(takers.at(-1)?.startedAt).toBe(183_000);
  });

  test('in a hold: it ends when it would have ended', async () => {
    const quota = makeQuota();
    quota.hold(30 * SECOND);
    const before = take(quota, {}, now);
    await pass(10 * SECOND);
    setClock();
    const after = take(quota, {}, now);
    await pass(100 * SECOND);
    expect([before.startedAt, after.startedAt]).toEqual([30_000, 30_000]);
  });

  test('the time that a waiting call has is neither shorter nor longer for it', async () => {
    const quota = makeQuota(1);
    const takers = [undefined, 62 * SECOND, 150 * SECOND].map((patience) =>
      take(quota, patience === undefined ? {} : { deadline: Date.now() + patience }, now),
    );
    await pass(10 * SECOND);
    setClock();
    quota.hold(52 * SECOND);
    await pass(150 * SECOND);
    expect(takers.map(({ startedAt, failedAt }) => startedAt ?? -failedAt!)).toEqual([0, -10_000, 62_000]);
  });

  test('a quota that was just used is not taken for idle', async () => {
    const quotas = new Quotas({ store: createMemoryStore(), cap: 1 });
    const quota = quotas.of('one');
    await quota.take();
    setClock();
    await pass(60 * SECOND);
    expect(quotas.of('one')).toBe(quota);
    await pass(11 * 60 * SECOND);
    expect(quotas.of('one')).not.toBe(quota);
  });
});

describe('a hold', () => {
  test('made in the ms in which the window opens, before it does, lets nobody through', async () => {
    const quota = makeQuota(2);
    setTimeout(() => quota.hold(5 * SECOND), 61_000);
    const takers = takeMany(quota, 4);
    await pass(61_000);
    expect(started(takers)).toBe(2);
    await pass(60_000);
    expect(startsOf(takers)).toEqual([0, 0, 66_000, 66_000]);
  });

  test('made in the ms in which the window has opened holds the next', async () => {
    const quota = makeQuota(2);
    const takers = takeMany(quota, 6);
    await pass(61_000);
    quota.hold(70 * SECOND);
    await pass(200_000);
    expect(startsOf(takers)).toEqual([0, 0, 61_000, 61_000, 131_000, 131_000]);
  });

  test('of 0 ms changes nothing', async () => {
    const quota = makeQuota(2);
    const takers = takeMany(quota, 4, { deadline: Date.now() + 62_000 });
    await pass(SECOND);
    expect(quota.hold(0)).toBe(0);
    await pass(100_000);
    expect(startsOf(takers)).toEqual([0, 0, 61_000, 61_000]);
  });

  test('during which everybody leaves ends all the same, and leaves no timer', async () => {
    const quota = makeQuota(2);
    quota.hold(30 * SECOND);
    const takers = [...takeMany(quota, 5), ...takeMany(quota, 5, { background: true })];
    await pass(SECOND);
    for (const taker of takers) taker.cancel();
    await pass(0);
    expect(quota.waiting).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
    await pass(SECOND);
    const next = take(quota, {}, now);
    await pass(60 * SECOND);
    expect(next.startedAt).toBe(30_000);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('a call that leaves as it is let in', () => {
  test('does not start, and its slot goes to the next at once', async () => {
    const quota = makeQuota(1);
    const [leaving, next] = [take(quota, {}, now), take(quota, {}, now)];
    leaving.cancel();
    await pass(0);
    expect(leaving.error).toMatchObject({ kind: 'cancelled', outcome: 'not_sent' });
    expect([leaving.startedAt, next.startedAt]).toEqual([undefined, 0]);
  });

  test('after it has waited: the same', async () => {
    const quota = makeQuota(1);
    const takers = takeMany(quota, 3);
    await pass(60_000);
    vi.advanceTimersByTime(1_000);
    takers[1]?.cancel();
    await pass(0);
    expect(takers.map(({ startedAt }) => startedAt)).toEqual([0, undefined, 61_000]);
  });

  test('leaves no listener behind, nor does any other call', async () => {
    const quota = makeQuota(2);
    const controllers = Array.from({ length: 6 }, () => new AbortController());
    const takes = controllers.map(({ signal }) => quota.take({ signal }).catch(() => {}));
    controllers[0]?.abort();
    await pass(61_000);
    controllers[4]?.abort();
    quota.hold(SECOND);
    await pass(200_000);
    await Promise.all(takes);
    expect(controllers.flatMap(({ signal }) => getEventListeners(signal, 'abort'))).toEqual([]);
  });
});

test('background work alone uses four fifths of the window, and all of a window of one', async () => {
  const [wide, narrow] = [makeQuota(300), makeQuota(1)];
  const takers = takeMany(wide, 500, { background: true });
  const few = takeMany(narrow, 3, { background: true });
  await pass(130_000);
  expect(takers.map(({ startedAt }) => startedAt)).toEqual(takers.map((_, place) => Math.floor(place / 240) * 61_000));
  expect(few.map(({ startedAt }) => startedAt)).toEqual([0, 61_000, 122_000]);
});

test('work that nobody waits for does not pass by somebody who asks before a late timer has let it in', async () => {
  const quota = makeQuota(1);
  let person: Taker | undefined;
  setTimeout(() => {
    person = take(quota, {}, now);
  }, 61_000);
  const [, background] = [take(quota, {}, now), take(quota, { background: true }, now)];
  await pass(61_000);
  expect(person).toMatchObject({ promised: 0, startedAt: 61_000 });
  await pass(61_000);
  expect(background.startedAt).toBe(122_000);
});
