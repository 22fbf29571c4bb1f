import { beforeEach, describe, expect, test } from 'vitest';
import { CompletionCache } from '../../src/completions/cache.ts';
import type { Listed } from '../../src/completions/listings.ts';

let now = 0;
let cache = new CompletionCache(() => now);
beforeEach(() => {
  now = 1_000_000;
  cache = new CompletionCache(() => now);
});

const listed = (count: number): Listed => ({
  rows: Array.from({ length: count }, (_, at) => ({ id: String(at + 1), name: `Row ${at}` })),
  isAll: true,
  total: count,
});

/** Reads that end when they are told to. */
function held() {
  const ends: { give(value: Listed): void; fail(error: Error): void }[] = [];
  const read = () => new Promise<Listed>((give, fail) => void ends.push({ give, fail }));
  return { read, ends };
}

describe('one flight', () => {
  test('thirty who ask at once, and thirty more within the minute, cost one read', async () => {
    const { read, ends } = held();
    const asked = Array.from({ length: 30 }, () => cache.read('a', 'campaigns', read));
    ends[0]!.give(listed(3));
    const answers = await Promise.all(asked);
    for (let at = 0; at < 30; at += 1) {
      now += 1_900;
      answers.push(await cache.read('a', 'campaigns', read));
    }
    expect(ends).toHaveLength(1);
    expect(new Set(answers).size).toBe(1);
  });

  test('a read that takes longer than what is read would live is still the only one', async () => {
    const { read, ends } = held();
    const first = cache.read('a', 'campaigns', read);
    now += 59_000;
    const second = cache.read('a', 'campaigns', read);
    ends[0]!.give(listed(1));
    expect(await first).toBe(await second);
    expect(ends).toHaveLength(1);
  });

  test('other keys and other names are other reads', async () => {
    const { read, ends } = held();
    void cache.read('a', 'campaigns', read);
    void cache.read('b', 'campaigns', read);
    void cache.read('a', 'lists', read);
    expect(ends).toHaveLength(3);
  });
});

describe('how long', () => {
  test('a minute from the beginning of the read', async () => {
    const { read, ends } = held();
    void cache.read('a', 'campaigns', read);
    now += 10_000;
    ends[0]!.give(listed(1));
    await settle();
    now += 49_999;
    void cache.read('a', 'campaigns', read);
    expect(ends).toHaveLength(1);
    now += 1;
    expect([...cache.known('a')]).toEqual([]);
    void cache.read('a', 'campaigns', read);
    expect(ends).toHaveLength(2);
  });

  test('a failure ten seconds: whoever types on gets the same without another read', async () => {
    const { read, ends } = held();
    const first = cache.read('a', 'campaigns', read);
    ends[0]!.fail(new Error('down'));
    await expect(first).rejects.toThrow('down');
    now += 9_999;
    await expect(cache.read('a', 'campaigns', read)).rejects.toThrow('down');
    expect(ends).toHaveLength(1);
    now += 1;
    void cache.read('a', 'campaigns', read);
    expect(ends).toHaveLength(2);
  });
});

describe('what has become untrue', () => {
  test('is read again, of this key and this name only', async () => {
    const { read, ends } = held();
    for (const [key, name] of [
      ['a', 'campaigns'],
      ['a', 'lists'],
      ['b', 'campaigns'],
    ] as const) {
      void cache.read(key, name, read);
      ends.at(-1)!.give(listed(2));
    }
    await settle();
    cache.drop('a', (name) => name === 'campaigns');
    expect([...cache.known('a')].map(([name]) => name)).toEqual(['lists']);
    expect([...cache.known('b')].map(([name]) => name)).toEqual(['campaigns']);
    expect(cache.size).toEqual({ keys: 2, rows: 4 });
    cache.drop('nobody', () => true);
  });

  test('what was being read then is given to those who wait, and not kept', async () => {
    const { read, ends } = held();
    const before = cache.read('a', 'campaigns', read);
    cache.drop('a', () => true);
    const after = cache.read('a', 'campaigns', read);
    expect(ends).toHaveLength(2);
    ends[1]!.give(listed(2));
    await settle();
    ends[0]!.give(listed(1));
    expect((await before).rows).toHaveLength(1);
    expect((await after).rows).toHaveLength(2);
    await settle();
    expect((await cache.read('a', 'campaigns', read)).rows).toHaveLength(2);
    expect(cache.size).toEqual({ keys: 1, rows: 2 });
  });
});

describe('searches', () => {
  test('so many a minute for each key', () => {
    for (let at = 0; at < 6; at += 1) expect(cache.takeSearch('a', 6)).toBe(true);
    expect(cache.takeSearch('a', 6)).toBe(false);
    expect(cache.takeSearch('b', 6)).toBe(true);
    now += 59_999;
    expect(cache.takeSearch('a', 6)).toBe(false);
    now += 60_000;
    expect(cache.takeSearch('a', 6)).toBe(true);
  });

  test('the minute slides, and a search that is refused does not lengthen it', () => {
    expect(cache.takeSearch('a', 2)).toBe(true);
    now += 30_000;
    expect(cache.takeSearch('a', 2)).toBe(true);
    now += 29_000;
    expect(cache.takeSearch('a', 2)).toBe(false);
    now += 1_000;
    expect(cache.takeSearch('a', 2)).toBe(true);
    expect(cache.takeSearch('a', 2)).toBe(false);
  });
});

describe('how much', () => {
  test('ten thousand keys at once leave those that came last', async () => {
    for (let at = 0; at < 10_000; at += 1) await cache.read(`key ${at}`, 'campaigns', async () => listed(100));
    expect(cache.size.keys).toBeLessThanOrEqual(1_000);
    expect(cache.size.rows).toBeLessThanOrEqual(40_000);
    expect([...cache.known('key 9999')]).toHaveLength(1);
    expect([...cache.known('key 0')]).toHaveLength(0);
  });

  test('ten thousand keys that fail, or only search, leave no more', async () => {
    for (let at = 0; at < 10_000; at += 1) {
      cache.takeSearch(`searching ${at}`, 6);
      await cache.read(`failing ${at}`, 'campaigns', () => Promise.reject(new Error('no'))).catch(() => {});
    }
    expect(cache.size.keys).toBeLessThanOrEqual(1_000);
    expect(cache.size.rows).toBe(0);
  });

  test('whoever comes later sweeps out what is old', async () => {
    for (let at = 0; at < 50; at += 1) await cache.read(`key ${at}`, 'campaigns', async () => listed(100));
    now += 60_000;
    await cache.read('late', 'campaigns', async () => listed(1));
    expect(cache.size).toEqual({ keys: 1, rows: 1 });
  });

  test('the one who reads is never let go for want of room', async () => {
    await cache.read('a', 'campaigns', async () => listed(50_000));
    expect([...cache.known('a')]).toHaveLength(1);
    await cache.read('b', 'campaigns', async () => listed(1));
    expect(cache.size).toEqual({ keys: 1, rows: 1 });
  });
});

/** Lets what is settled be noticed. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
