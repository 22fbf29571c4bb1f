import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Quota } from '../../src/client/quota.ts';
import { Quotas } from '../../src/client/quotas.ts';
import { createMemoryStore, type SharedStore } from '../../src/client/store.ts';
import { mostInWindow, startsOf, take, takeMany } from './takers.ts';

const START = Date.UTC(2026, 2, 14, 9, 0, 0);
const SECOND = 1_000;
/** What a call that waited wants left of its time. */
const ANSWER = 1_000;
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);
const since = (at: number | undefined) => (at === undefined ? undefined : at - START);

function makeQuota(cap = 300, store: SharedStore = createMemoryStore()): Quota {
  return new Quota({ key: 'fingerprint', store, cap });
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.setSystemTime(START);
});
afterEach(() => {
  vi.useRealTimers();
});

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

describe('a 429', () => {
  test('holds the key until the moment it asked for', async () => {
    const quota = makeQuota();
    takeMany(quota, 5);
    await pass(10 * SECOND);
    expect(quota.hold(20_000)).toBe(20_000);
    const takers = takeMany(quota, 3);
    await pass(19_999);
    expect(startsOf(takers)).toHaveLength(0);
    await pass(1);
    expect(takers.map(({ startedAt }) => since(startedAt))).toEqual([30_000, 30_000, 30_000]);
  });

  test.each([
    ['the longer first', 40_000, 10_000],
    ['the longer last', 10_000, 40_000],
  ])('the latest moment wins, not the last to speak: %s', async (_, first, second) => {
    const quota = makeQuota();
    quota.hold(first);
    await pass(SECOND);
    expect(quota.hold(second)).toBe(first > second ? 39_000 : 40_000);
    const taker = take(quota);
    await pass(120 * SECOND);
    expect(since(taker.startedAt)).toBe(first > second ? 40_000 : 41_000);
  });

  test('without Retry-After holds until the oldest start is 60 s old', async () => {
    const quota = makeQuota();
    takeMany(quota, 1);
    await pass(15 * SECOND);
    takeMany(quota, 5);
    await pass(5 * SECOND);
    expect(quota.hold()).toBe(40_000);
    const taker = take(quota);
    await pass(120 * SECOND);
    expect(since(taker.startedAt)).toBe(60_000);
  });

  test('without Retry-After holds for at least 5 s', async () => {
    const quota = makeQuota();
    takeMany(quota, 1);
    await pass(58 * SECOND);
    expect(quota.hold()).toBe(5_000);
    await pass(120 * SECOND);
    expect(quota.hold()).toBe(5_000);
    expect(makeQuota().hold()).toBe(5_000);
  });

  test('that asks for no wait lets calls go on', async () => {
    const quota = makeQuota();
    quota.hold(0);
    const taker = take(quota);
    await pass(1);
    expect(since(taker.startedAt)).toBe(0);
  });

  test('refuses at once the waiting calls that it outlasts, and only those', async () => {
    const quota = makeQuota(2);
    takeMany(quota, 2);
    await pass(0);
    const deadlines = [100, 70, 200, 130, 200].map((seconds) => START + seconds * SECOND);
    const takers = deadlines.map((deadline) => take(quota, { deadline }));
    await pass(10 * SECOND);
    // Slots from then on: two at 80 s, two at 141 s.
    quota.hold(70_000);
    await pass(0);
    expect(takers.map(({ failedAt }) => since(failedAt))).toEqual([undefined, 10_000, undefined, 10_000, undefined]);
    expect(takers[1]?.error).toMatchObject({ kind: 'rate_limited', outcome: 'not_sent', retryAfterSeconds: 70 });
    expect(takers[3]?.error).toMatchObject({ kind: 'rate_limited', outcome: 'not_sent', retryAfterSeconds: 131 });
    await pass(300 * SECOND);
    expect([0, 2, 4].map((index) => since(takers[index]?.startedAt))).toEqual([80_000, 80_000, 141_000]);
  });

  test('refuses newcomers that it outlasts, and predicts right for the others', async () => {
    const quota = makeQuota();
    quota.hold(50_000);
    const [early, late] = [49_999, 50_000].map((wait) => take(quota, { deadline: START + wait + ANSWER }));
    await pass(0);
    expect(early?.error).toMatchObject({ kind: 'rate_limited', retryAfterSeconds: 50 });
    await pass(60 * SECOND);
    expect(since(late?.startedAt)).toBe(50_000);
  });

  test('does not let a burst through that the window would not allow', async () => {
    const quota = makeQuota(10);
    const takers = takeMany(quota, 40);
    await pass(50 * SECOND);
    quota.hold(20_000);
    await pass(400 * SECOND);
    expect(startsOf(takers)).toHaveLength(40);
    expect(mostInWindow(startsOf(takers), 61_000)).toBe(10);
    expect(since(takers[10]?.startedAt)).toBe(70_000);
  });
});

describe('work that nobody waits for', () => {
  test('leaves the last 60 of 300 slots alone, in a burst too', async () => {
    const quota = makeQuota();
    const background = takeMany(quota, 300, { background: true });
    await pass(0);
    expect(startsOf(background)).toHaveLength(240);
    const people = takeMany(quota, 60);
    await pass(0);
    expect(startsOf(people)).toHaveLength(60);
    await pass(61 * SECOND);
    expect(startsOf(background)).toHaveLength(300);
  });

  test('starts nothing while 240 slots are used by whomever', async () => {
    const quota = makeQuota();
    takeMany(quota, 240);
    const background = take(quota, { background: true });
    await pass(60_999);
    expect(background.startedAt).toBeUndefined();
    await pass(1);
    expect(since(background.startedAt)).toBe(61_000);
  });

  test('lets every waiting person go first', async () => {
    const quota = makeQuota(10);
    takeMany(quota, 10);
    await pass(0);
    const background = takeMany(quota, 3, { background: true });
    const people = takeMany(quota, 12);
    await pass(61 * SECOND);
    expect(startsOf(people)).toHaveLength(10);
    await pass(61 * SECOND);
    expect(startsOf(people)).toHaveLength(12);
    await pass(SECOND);
    expect(background.map(({ startedAt }) => since(startedAt))).toEqual([122_000, 122_000, 122_000]);
  });

  test('waits out a hold', async () => {
    const quota = makeQuota();
    quota.hold(20_000);
    const background = take(quota, { background: true });
    await pass(60 * SECOND);
    expect(since(background.startedAt)).toBe(20_000);
  });

  test('is refused at once when its wait would outlast its deadline, or a hold makes it so', async () => {
    const quota = makeQuota(10);
    takeMany(quota, 8);
    await pass(0);
    const hopeless = take(quota, { background: true, deadline: START + 60_999 + ANSWER });
    const hopeful = take(quota, { background: true, deadline: START + 61_000 + ANSWER });
    const patient = take(quota, { background: true, deadline: START + 90_000 });
    await pass(0);
    expect(hopeless).toMatchObject({ failedAt: START, error: { kind: 'rate_limited', retryAfterSeconds: 61 } });
    await pass(10 * SECOND);
    quota.hold(60_000);
    await pass(0);
    expect(hopeful).toMatchObject({ failedAt: START + 10_000, error: { kind: 'rate_limited', retryAfterSeconds: 60 } });
    await pass(60 * SECOND);
    expect(since(patient.startedAt)).toBe(70_000);
  });

  test('with a tiny cap still gets through', async () => {
    const quota = makeQuota(1);
    const background = takeMany(quota, 2, { background: true });
    await pass(61 * SECOND);
    expect(background.map(({ startedAt }) => since(startedAt))).toEqual([0, 61_000]);
  });
});

describe('other processes with the same key', () => {
  test('a hold that only the store knows is waited out, and can be cancelled', async () => {
    const store = createMemoryStore();
    const quota = makeQuota(5, store);
    void store.hold('fingerprint', START + 30_000);
    const takers = takeMany(quota, 2);
    const hopeless = take(quota, { deadline: START + 29_999 });
    await pass(5 * SECOND);
    takers[0]?.cancel();
    await pass(0);
    expect(hopeless).toMatchObject({ failedAt: START, error: { kind: 'rate_limited', retryAfterSeconds: 30 } });
    expect(takers[0]).toMatchObject({ failedAt: START + 5_000, error: { kind: 'cancelled', outcome: 'not_sent' } });
    await pass(60 * SECOND);
    expect(since(takers[1]?.startedAt)).toBe(30_000);
  });

  test('share one budget', async () => {
    const store = createMemoryStore();
    const takers = [...takeMany(makeQuota(10, store), 10), ...takeMany(makeQuota(10, store), 10)];
    await pass(0);
    expect(startsOf(takers)).toHaveLength(10);
    await pass(200 * SECOND);
    expect(startsOf(takers)).toHaveLength(20);
    expect(mostInWindow(startsOf(takers), 60_990)).toBe(10);
  });
});

describe('the quotas of all keys', () => {
  test('one key has one quota, whoever asks', () => {
    const quotas = new Quotas({ store: createMemoryStore(), cap: 300 });
    expect(quotas.of('one')).toBe(quotas.of('one'));
    expect(quotas.of('one')).not.toBe(quotas.of('two'));
  });

  test('an idle one is dropped after ten minutes, and forgotten by the store', async () => {
    const forgotten: string[] = [];
    const store = { ...createMemoryStore(), forget: (key: string) => void forgotten.push(key) };
    const quotas = new Quotas({ store, cap: 300 });
    const [idle, used] = [quotas.of('idle'), quotas.of('used')];
    take(idle);
    for (let minute = 0; minute < 10; minute += 1) {
      expect(quotas.of('idle')).toBe(idle);
      take(used);
      await pass(60 * SECOND);
    }
    await pass(61 * SECOND);
    expect(forgotten).toEqual(['idle']);
    expect(quotas.of('idle')).not.toBe(idle);
    expect(quotas.of('used')).toBe(used);
  });

  test('one with a waiting call stays, and so do the starts of calls that waited long', async () => {
    const quotas = new Quotas({ store: createMemoryStore(), cap: 1 });
    const quota = quotas.of('one');
    const takers = takeMany(quota, 13);
    await pass(12 * 61 * SECOND + SECOND);
    expect(startsOf(takers)).toHaveLength(13);
    expect(quotas.of('one')).toBe(quota);
    await pass(5 * 60 * SECOND);
    expect(quotas.of('one')).toBe(quota);
  });

  test('none left means no timer left', async () => {
    const quotas = new Quotas({ store: createMemoryStore(), cap: 300 });
    take(quotas.of('one'));
    await pass(12 * 60 * SECOND);
    expect(vi.getTimerCount()).toBe(0);
  });
});
