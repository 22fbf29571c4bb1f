import { describe, expect, test } from 'vitest';
import { readRows } from '../../src/tools/read-rows.ts';

/** A listing of so many rows, which says its total or not; its pages are written down as they are asked for. */
function listing(size: number, { saysTotal = true, fails = -1 } = {}) {
  const asked: number[] = [];
  const read = async ({ offset, limit }: { offset: number; limit: number }) => {
    asked.push(offset);
    if (asked.length === fails) return undefined;
    const items = Array.from({ length: Math.max(0, Math.min(limit, size - offset)) }, (_, index) => offset + index);
    return { items, totalCount: saysTotal ? size : null };
  };
  return { read, asked };
}

describe('the rows of a listing', () => {
  test.each([
    [0, true, [0]],
    [99, true, [0]],
    [100, true, [0]],
    [250, true, [0, 100, 200]],
    [99, false, [0]],
    [100, false, [0, 100]],
    [250, false, [0, 100, 200]],
  ])('are all there are: %i, total told: %s', async (size, saysTotal, pages) => {
    const { read, asked } = listing(size, { saysTotal });
    expect(await readRows(read, { mostPages: 5 })).toEqual({
      rows: Array.from({ length: size }, (_, index) => index),
      isAll: true,
    });
    expect(asked).toEqual(pages);
  });

  test('are not all when there are more than may be read', async () => {
    const { read, asked } = listing(250);
    expect(await readRows(read, { mostPages: 2 })).toMatchObject({ rows: { length: 200 }, isAll: false });
    expect(asked).toEqual([0, 100]);
  });

  test('are no more than are needed', async () => {
    const { read, asked } = listing(250);
    const found = await readRows(read, { mostPages: 5, isEnough: (rows) => rows.includes(42) });
    expect(found).toMatchObject({ rows: { length: 100 }, isAll: false });
    expect(asked).toEqual([0]);
  });

  test('end where a page cannot be read', async () => {
    const { read } = listing(250, { fails: 2 });
    expect(await readRows(read, { mostPages: 5 })).toMatchObject({ rows: { length: 100 }, isAll: false });
  });
});
