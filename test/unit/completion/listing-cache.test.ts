import { beforeEach, describe, expect, test } from 'vitest';
import { ListingCache } from '../../../src/completion/listing-cache.ts';
import type { Listed } from '../../../src/completion/read-listing.ts';

let now = 0;
let cache = new ListingCache(() => now);
beforeEach(() => {
  now = 1_000_000;
  cache = new ListingCache(() => now);
});

const listed = (count: number): Listed => ({
  rows: Array.from({ length: count }, (_, at) => ({ id: String(at + 1), name: `Row ${at}` })),
  isAll: true,
  total: count,
});

/** Reads that end when the test settles them. */
function held() {
  const ends: { give(value: Listed): void; fail(error: Error): void }[] = [];
  const read = () => new Promise<Listed>((give, fail) => void ends.push({ give, fail }));
  return { read, ends };
}

describe('concurrent reads', () => {
  test('30 concurrent callers, and 30 more within the minute, share one read', async () => {
    const { read, ends } = held();
    const asked = Array.from({ length: 30 }, () => cache.read('a', { listing: 'campaigns' }, read));
    ends[0]!.give(listed(3));
    const answers = await Promise.all(asked);
    for (let at = 0; at < 30; at += 1) {
      now += 1_900;
      answers.push(await cache.read('a', { listing: 'campaigns' }, read));
    }
    expect(ends).toHaveLength(1);
    expect(new Set(answers).size).toBe(1);
  });

  test('a read that takes most of the minute is still shared', async () => {
    const { read, ends } = held();
    const first = cache.read('a', { listing: 'campaigns' }, read);
    now += 59_000;
    const second = cache.read('a', { listing: 'campaigns' }, read);
    ends[0]!.give(listed(1));
    expect(await first).toBe(await second);
    expect(ends).toHaveLength(1);
  });

  test('other keys and other listings are read separately', async () => {
    const { read, ends } = held();
    void cache.read('a', { listing: 'campaigns' }, read);
    void cache.read('b', { listing: 'campaigns' }, read);
    void cache.read('a', { listing: 'lists' }, read);
    expect(ends).toHaveLength(3);
  });
});

describe('lifetime', () => {
  test('is a minute from the start of the read', async () => {
    const { read, ends } = held();
    void cache.read('a', { listing: 'campaigns' }, read);
    now += 10_000;
    ends[0]!.give(listed(1));
    await settle();
    now += 49_999;
    void cache.read('a', { listing: 'campaigns' }, read);
    expect(ends).toHaveLength(1);
    now += 2;
    expect([...cache.known('a')]).toEqual([]);
    void cache.read('a', { listing: 'campaigns' }, read);
    expect(ends).toHaveLength(2);
  });

  test('is ten seconds for a failure: further typing gets the same error without another read', async () => {
    const { read, ends } = held();
    const first = cache.read('a', { listing: 'campaigns' }, read);
    ends[0]!.fail(new Error('down'));
    await expect(first).rejects.toThrow('down');
    now += 9_999;
    await expect(cache.read('a', { listing: 'campaigns' }, read)).rejects.toThrow('down');
    expect(ends).toHaveLength(1);
    now += 2;
    void cache.read('a', { listing: 'campaigns' }, read);
    expect(ends).toHaveLength(2);
  });
});

describe('a dropped listing', () => {
  test('is read again, for this key and this listing only', async () => {
    const { read, ends } = held();
    for (const [key, listing] of [
      ['a', 'campaigns'],
      ['a', 'lists'],
      ['b', 'campaigns'],
    ] as const) {
      void cache.read(key, { listing }, read);
      ends.at(-1)!.give(listed(2));
    }
    await settle();
    cache.drop('a', ['campaigns']);
    expect([...cache.known('a')].map(({ query }) => query.listing)).toEqual(['lists']);
    expect([...cache.known('b')].map(({ query }) => query.listing)).toEqual(['campaigns']);
    expect(cache.size).toMatchObject({ listings: 2, rows: 4 });
    cache.drop('unknown', ['campaigns', 'lists']);
  });

  test('a listing in flight still reaches its waiting callers, and is not cached', async () => {
    const { read, ends } = held();
    const before = cache.read('a', { listing: 'campaigns' }, read);
    cache.drop('a', ['campaigns']);
    const after = cache.read('a', { listing: 'campaigns' }, read);
    expect(ends).toHaveLength(2);
    ends[1]!.give(listed(2));
    await settle();
    ends[0]!.give(listed(1));
    expect((await before).rows).toHaveLength(1);
    expect((await after).rows).toHaveLength(2);
    await settle();
    expect((await cache.read('a', { listing: 'campaigns' }, read)).rows).toHaveLength(2);
    expect(cache.size).toMatchObject({ listings: 1, rows: 2 });
  });
});

describe('searches', () => {
  test('are limited per key and minute', () => {
    for (let at = 0; at < 6; at += 1) expect(cache.takeSearch('a', 6)).toBe(true);
    expect(cache.takeSearch('a', 6)).toBe(false);
    expect(cache.takeSearch('b', 6)).toBe(true);
    now += 59_999;
    expect(cache.takeSearch('a', 6)).toBe(false);
    now += 60_000;
    expect(cache.takeSearch('a', 6)).toBe(true);
  });

  test('have a sliding minute, which a rejected search does not extend', () => {
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

describe('bounds', () => {
  test('keep the latest of 3,000 keys', async () => {
    for (let at = 0; at < 3_000; at += 1)
      await cache.read(`key ${at}`, { listing: 'campaigns' }, async () => listed(100));
    expect(cache.size.listings).toBeLessThanOrEqual(1_000);
    expect(cache.size.rows).toBeLessThanOrEqual(40_000);
    expect([...cache.known('key 2999')]).toHaveLength(1);
    expect([...cache.known('key 0')]).toHaveLength(0);
  });

  test('the bounds hold for 3,000 keys that fail or only search', async () => {
    for (let at = 0; at < 3_000; at += 1) {
      cache.takeSearch(`searching ${at}`, 6);
      await cache
        .read(`failing ${at}`, { listing: 'campaigns' }, () => Promise.reject(new Error('no')))
        .catch(() => {});
    }
    expect(cache.size.listings).toBeLessThanOrEqual(1_000);
    expect(cache.size.keysWithSearches).toBeLessThanOrEqual(1_000);
    expect(cache.size.rows).toBe(0);
  });

  test('do not count expired listings, which the next read removes', async () => {
    for (let at = 0; at < 50; at += 1) await cache.read(`key ${at}`, { listing: 'campaigns' }, async () => listed(100));
    now += 60_001;
    await cache.read('late', { listing: 'campaigns' }, async () => listed(1));
    expect(cache.size).toMatchObject({ listings: 1, rows: 1 });
  });

  test('allow one larger listing until the next read', async () => {
    await cache.read('a', { listing: 'campaigns' }, async () => listed(50_000));
    expect([...cache.known('a')]).toHaveLength(1);
    await cache.read('b', { listing: 'campaigns' }, async () => listed(1));
    expect(cache.size).toMatchObject({ listings: 1, rows: 1 });
  });
});

/** Lets settled promises run their callbacks. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
