import { describe, expect, test } from 'vitest';
import { Quotas } from '../../src/client/quotas.ts';
import { createMemoryStore } from '../../src/client/store.ts';
import {
  ANSWER,
  makeQuota,
  mostInWindow,
  pass,
  SECOND,
  START,
  since,
  startsOf,
  take,
  takeMany,
  useFakeClock,
} from './takers.ts';

useFakeClock();

describe('the window', () => {
  test('lets 300 calls start at once and the 301st 61 s later, neither sooner nor later', async () => {
    const takers = takeMany(makeQuota(), 301);
    await pass(0);
    expect(startsOf(takers)).toHaveLength(300);
    await pass(60_999);
    expect(startsOf(takers)).toHaveLength(300);
    await pass(1);
    expect(since(takers[300]?.startedAt)).toBe(61_000);
  });

  test('gives slots first come, first served', async () => {
    const takers = takeMany(makeQuota(3), 10);
    await pass(200 * SECOND);
    expect(takers.map(({ startedAt }) => since(startedAt))).toEqual([
      ...[0, 0, 0],
      ...[61_000, 61_000, 61_000],
      ...[122_000, 122_000, 122_000],
      183_000,
    ]);
  });

  test('rolls: half a burst now and half a burst later free their slots one after the other', async () => {
    const quota = makeQuota();
    const early = takeMany(quota, 150);
    await pass(40 * SECOND);
    const late = takeMany(quota, 150);
    const waiting = takeMany(quota, 200);
    await pass(200 * SECOND);
    const starts = startsOf([...early, ...late, ...waiting]);
    expect(starts).toHaveLength(500);
    expect(mostInWindow(starts, 61_000)).toBe(300);
    expect(waiting.filter(({ startedAt }) => since(startedAt) === 61_000)).toHaveLength(150);
    expect(waiting.filter(({ startedAt }) => since(startedAt) === 101_000)).toHaveLength(50);
  });

  test('never holds more than 300 under a steady stream, and gives 300 every 61 s', async () => {
    const quota = makeQuota();
    const takers: ReturnType<typeof take>[] = [];
    for (let tick = 0; tick < 120; tick += 1) {
      takers.push(...takeMany(quota, 10));
      await pass(SECOND);
    }
    await pass(300 * SECOND);
    const starts = startsOf(takers);
    expect(starts).toHaveLength(1_200);
    expect(mostInWindow(starts, 61_000)).toBe(300);
    expect(since(starts.at(-1))).toBeLessThanOrEqual(3 * 61_000 + 30_000);
  });

  test('two keys do not share their slots', async () => {
    const quotas = new Quotas({ store: createMemoryStore(), cap: 2 });
    const takers = [...takeMany(quotas.of('one'), 2), ...takeMany(quotas.of('two'), 2)];
    await pass(0);
    expect(startsOf(takers)).toHaveLength(4);
  });
});

describe('waits that would be too long', () => {
  const full = async (cap: number) => {
    const quota = makeQuota(cap);
    takeMany(quota, cap);
    await pass(0);
    return quota;
  };

  test('fail at once, with the seconds until a slot is free', async () => {
    const quota = await full(300);
    await pass(20 * SECOND);
    const taker = take(quota, { deadline: Date.now() + 40 * SECOND });
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

  test('are predicted to the millisecond, behind others too', async () => {
    const quota = await full(2);
    const second = takeMany(quota, 2);
    expect(quota.expectedWait()).toBe(122_000);
    const inTime = take(quota, { deadline: START + 122_000 + ANSWER });
    const tooLate = take(quota, { deadline: START + 121_999 + ANSWER });
    await pass(0);
    expect(tooLate.error).toMatchObject({ kind: 'rate_limited', retryAfterSeconds: 122 });
    await pass(200 * SECOND);
    expect(second.map(({ startedAt }) => since(startedAt))).toEqual([61_000, 61_000]);
    expect(since(inTime.startedAt)).toBe(122_000);
  });

  test('become short enough when others in front are cancelled', async () => {
    const quota = await full(1);
    const ahead = take(quota);
    await pass(SECOND);
    expect(take(quota, { deadline: START + 70_000 })).toBeDefined();
    ahead.cancel();
    await pass(0);
    const taker = take(quota, { deadline: START + 70_000 });
    await pass(61 * SECOND);
    expect(since(taker.startedAt)).toBe(61_000);
  });

  test('the 1,001st waiting call is refused, and takes no slot', async () => {
    const quota = await full(1);
    const waiting = takeMany(quota, 1_000);
    const refused = take(quota);
    await pass(0);
    expect(quota.waiting).toBe(1_000);
    expect(refused.error).toMatchObject({ kind: 'queue_full', outcome: 'not_sent', retryAfterSeconds: 61_061 });
    expect(waiting.every(({ failedAt }) => failedAt === undefined)).toBe(true);
    waiting[7]?.cancel();
    await pass(0);
    expect(quota.waiting).toBe(999);
    const accepted = take(quota);
    await pass(0);
    expect(accepted.error).toBeUndefined();
    expect(quota.waiting).toBe(1_000);
  });

  test('calls that nobody waits for count among the 1,000', async () => {
    const quota = await full(1);
    takeMany(quota, 400);
    takeMany(quota, 600, { background: true });
    const refused = [take(quota), take(quota, { background: true })];
    await pass(0);
    expect(quota.waiting).toBe(1_000);
    expect(refused.map(({ error }) => error)).toMatchObject([{ kind: 'queue_full' }, { kind: 'queue_full' }]);
  });
});

describe('cancelled calls', () => {
  test('never start and give their place to the next', async () => {
    const quota = makeQuota(2);
    const first = takeMany(quota, 2);
    const [cancelled, next] = [take(quota), take(quota)];
    await pass(10 * SECOND);
    cancelled.cancel();
    await pass(0);
    expect(cancelled).toMatchObject({ failedAt: START + 10_000, error: { kind: 'cancelled', outcome: 'not_sent' } });
    const last = take(quota);
    await pass(300 * SECOND);
    expect(cancelled.startedAt).toBeUndefined();
    expect([first[0], next, last].map((taker) => since(taker?.startedAt))).toEqual([0, 61_000, 61_000]);
  });

  test('before they asked, they never wait', async () => {
    const quota = makeQuota(2);
    await expect(quota.take({ signal: AbortSignal.abort() })).rejects.toMatchObject({
      kind: 'cancelled',
      outcome: 'not_sent',
    });
    const takers = takeMany(quota, 2);
    await pass(0);
    expect(startsOf(takers)).toHaveLength(2);
  });

  test('during a hold, and in the background, they leave as well', async () => {
    const quota = makeQuota(2);
    quota.hold(30_000);
    const takers = [take(quota), take(quota, { background: true }), take(quota)];
    await pass(SECOND);
    takers[0]?.cancel();
    takers[1]?.cancel();
    await pass(0);
    for (const left of takers.slice(0, 2)) expect(left.error).toMatchObject({ kind: 'cancelled', outcome: 'not_sent' });
    expect(quota.waiting).toBe(1);
    await pass(60 * SECOND);
    expect(takers.map(({ startedAt }) => since(startedAt))).toEqual([undefined, undefined, 30_000]);
  });

  test('a call whose deadline passes while it waits is told so, not that somebody cancelled it', async () => {
    const quota = makeQuota(1);
    await quota.take();
    const controller = new AbortController();
    const waiting = quota.take({ signal: controller.signal });
    controller.abort('deadline');
    await expect(waiting).rejects.toMatchObject({ kind: 'timeout', outcome: 'not_sent' });
  });
});
