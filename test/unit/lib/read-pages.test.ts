import { describe, expect, test } from 'vitest';
import { readAllPages } from '../../../src/lib/read-pages.ts';

/** A listing of `size` rows, with or without a total count. It records the offset of every page that is read. */
function listing(size: number, { hasTotal = true, fails = -1 } = {}) {
  const offsets: number[] = [];
  const read = async ({ offset, limit }: { offset: number; limit: number }) => {
    offsets.push(offset);
    if (offsets.length === fails) return undefined;
    const items = Array.from({ length: Math.max(0, Math.min(limit, size - offset)) }, (_, index) => offset + index);
    return { items, totalCount: hasTotal ? size : null };
  };
  return { read, offsets };
}

describe('readAllPages', () => {
  test.each([
    [0, true, [0]],
    [99, true, [0]],
    [100, true, [0]],
    [250, true, [0, 100, 200]],
    [99, false, [0]],
    [100, false, [0, 100]],
    [250, false, [0, 100, 200]],
  ])('reads all rows: %i, with a total: %s', async (size, hasTotal, pages) => {
    const { read, offsets } = listing(size, { hasTotal });
    expect(await readAllPages(read, { maxPages: 5 })).toEqual({
      rows: Array.from({ length: size }, (_, index) => index),
      isAll: true,
    });
    expect(offsets).toEqual(pages);
  });

  test('is incomplete after the last allowed page', async () => {
    const { read, offsets } = listing(250);
    expect(await readAllPages(read, { maxPages: 2 })).toMatchObject({ rows: { length: 200 }, isAll: false });
    expect(offsets).toEqual([0, 100]);
  });

  test('stops when the rows are enough', async () => {
    const { read, offsets } = listing(250);
    const result = await readAllPages(read, { maxPages: 5, isEnough: (rows) => rows.includes(42) });
    expect(result).toMatchObject({ rows: { length: 100 }, isAll: false });
    expect(offsets).toEqual([0]);
  });

  test('stops at a page that cannot be read', async () => {
    const { read } = listing(250, { fails: 2 });
    expect(await readAllPages(read, { maxPages: 5 })).toMatchObject({ rows: { length: 100 }, isAll: false });
  });
});
