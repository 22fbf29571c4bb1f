import { describe, expect, test, vi } from 'vitest';
import { Quota } from '../../src/client/quota.ts';
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

  describe('of more keys than are kept', () => {
    const MOST = 10_000;
    const isKept = (quotas: Quotas, key: string, quota: Quota) => quotas.of(key) === quota;

    test('those used last are kept, and no more', () => {
      const quotas = new Quotas({ store: createMemoryStore(), cap: 300 });
      const [first, second] = [quotas.of('first'), quotas.of('second')];
      for (let key = 0; key < MOST - 2; key += 1) quotas.of(`key ${key}`);
      expect(isKept(quotas, 'first', first)).toBe(true);
      quotas.of('one more');
      expect(isKept(quotas, 'first', first)).toBe(true);
      expect(isKept(quotas, 'second', second)).toBe(false);
    });

    test('one with something in its window stays before one without, and one with a call that waits in any case', async () => {
      const quotas = new Quotas({ store: createMemoryStore(), cap: 1 });
      const [busy, used, idle] = [quotas.of('busy'), quotas.of('used'), quotas.of('idle')];
      const takers = takeMany(busy, 2);
      take(used);
      await pass(0);
      for (let key = 0; key < MOST - 3; key += 1) take(quotas.of(`key ${key}`));
      await pass(0);
      quotas.of('another');
      expect(isKept(quotas, 'used', used)).toBe(true);
      expect(isKept(quotas, 'busy', busy)).toBe(true);
      expect(isKept(quotas, 'idle', idle)).toBe(false);
      // Now all have something in their windows, and `busy` something that waits.
      for (let key = 0; key < MOST + 10; key += 1) take(quotas.of(`later key ${key}`));
      expect(isKept(quotas, 'busy', busy)).toBe(true);
      expect(isKept(quotas, 'used', used)).toBe(false);
      await pass(61 * SECOND);
      expect(startsOf(takers)).toHaveLength(2);
    });

    test('one that comes back within its minute keeps to its limit, and to what HeyReach asked for', async () => {
      const quotas = new Quotas({ store: createMemoryStore(), cap: 5 });
      const [limited, held] = [quotas.of('limited'), quotas.of('held')];
      const before = takeMany(limited, 5);
      held.hold(30_000);
      await pass(0);
      for (let key = 0; key < MOST + 10; key += 1) take(quotas.of(`key ${key}`));
      expect(isKept(quotas, 'limited', limited)).toBe(false);
      expect(isKept(quotas, 'held', held)).toBe(false);
      const after = takeMany(quotas.of('limited'), 5);
      const patient = take(quotas.of('held'));
      await pass(60 * SECOND);
      expect(startsOf(before)).toHaveLength(5);
      expect(startsOf(after)).toHaveLength(0);
      expect(since(patient.startedAt)).toBe(30_000);
      await pass(2 * SECOND);
      expect(startsOf(after)).toHaveLength(5);
    });

    test('to make room costs little, whatever the oldest do', async () => {
      const quotas = new Quotas({ store: createMemoryStore(), cap: 1 });
      for (let key = 0; key < MOST; key += 1) void quotas.of(`key ${key}`).take();
      const looks = vi.spyOn(Quota.prototype, 'used', 'get');
      quotas.of('one more');
      expect(looks.mock.calls.length).toBeLessThan(300);
      looks.mockRestore();
    });
  });

  test('none left means no timer left', async () => {
    const quotas = new Quotas({ store: createMemoryStore(), cap: 300 });
    take(quotas.of('one'));
    await pass(12 * 60 * SECOND);
    expect(vi.getTimerCount()).toBe(0);
  });
});
