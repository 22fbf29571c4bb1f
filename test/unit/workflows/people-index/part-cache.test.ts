import { expect, test } from 'vitest';
import { PartCache } from '../../../../src/workflows/people-index/part-cache.ts';

const read =
  (value: string, rows = 1, isWhole = true) =>
  async () => ({ value, rows, isWhole });

test('keeps at most 400,000 people for all keys together, and evicts the least recently used parts first', async () => {
  const cache = new PartCache(() => 1);
  for (const key of ['a', 'b', 'c']) await cache.read(key, 'list 1', {}, read(key, 190_000));
  expect(cache.size).toEqual({ parts: 2, rows: 380_000 });
  expect(cache.get('a', 'list 1')).toBeUndefined();
  expect(cache.get('c', 'list 1')?.value).toBe('c');
});

test('uses an incomplete part once', async () => {
  const cache = new PartCache(() => 1);
  expect(await cache.read('a', 'inbox', {}, read('some', 1, false))).toMatchObject({ value: 'some', isWhole: false });
  expect((await cache.read('a', 'inbox', {}, read('all'))).value).toBe('all');
});

test('counts ten minutes from the start of a read', async () => {
  let now = 1;
  const cache = new PartCache(() => now);
  await cache.read('a', 'inbox', {}, async () => {
    now += 100_000;
    return { value: 'old', rows: 1, isWhole: true };
  });
  now += 499_999;
  expect(cache.get('a', 'inbox')?.value).toBe('old');
  now += 2;
  expect(cache.get('a', 'inbox')).toBeUndefined();
});

test('a part that becomes stale during its read serves the waiting callers, and is not cached', async () => {
  const cache = new PartCache(() => 1);
  let answer = (_value: string) => {};
  const waiting = cache.read('a', 'list 1', {}, async () => ({
    value: await new Promise<string>((resolve) => {
      answer = resolve;
    }),
    rows: 1,
    isWhole: true,
  }));
  cache.drop('a', (name) => name === 'list 1');
  const later = cache.read('a', 'list 1', {}, read('new'));
  answer('old');
  expect((await waiting).value).toBe('old');
  expect((await later).value).toBe('new');
  expect(cache.get('a', 'list 1')?.value).toBe('new');
});

test('a caller leaves at its deadline, and the others still get the part', async () => {
  const cache = new PartCache(() => 1);
  let answer = (_value: string) => {};
  const slow = async () => ({
    value: await new Promise<string>((resolve) => {
      answer = resolve;
    }),
    rows: 1,
    isWhole: true,
  });
  const patient = cache.read('a', 'inbox', {}, slow);
  await expect(cache.read('a', 'inbox', { deadline: Date.now() + 1 }, slow)).rejects.toMatchObject({ kind: 'timeout' });
  answer('all');
  expect((await patient).value).toBe('all');
});
