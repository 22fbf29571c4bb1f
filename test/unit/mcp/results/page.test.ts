import { describe, expect, test } from 'vitest';
import { pageResult } from '../../../../src/mcp/results/page.ts';

const rows = (count: number) => Array.from({ length: count }, (_, id) => ({ id }));
const odd = (page: unknown) => page as { totalCount: number; items: { id: number }[] };

describe('pageResult', () => {
  test('returns the total and the number of returned rows', () => {
    const { data } = pageResult({ totalCount: 45, items: rows(20) }, 0);
    expect(data).toEqual({ totalCount: 45, returned: 20, items: rows(20) });
  });

  test('makes rows compact', () => {
    const { data } = pageResult({ totalCount: 2, items: rows(2) }, 0, ({ id }) => ({ n: id }));
    expect(data.items).toEqual([{ n: 0 }, { n: 1 }]);
  });

  test.each([
    ['the first page', 45, 0, 20, { nextOffset: 20 }],
    ['a page in the middle', 45, 20, 20, { nextOffset: 40 }],
    ['the last page', 45, 40, 5, {}],
    ['a last page that is full', 40, 20, 20, {}],
    ['a page past the end', 45, 60, 0, {}],
    ['an empty page although more rows exist', 45, 0, 0, {}],
    ['a listing without rows', 0, 0, 0, {}],
    ['a page with dropped rows', 45, 20, 7, { nextOffset: 27 }],
    ['the last page with dropped rows', 45, 40, 3, { nextOffset: 43 }],
  ])('%s: of %i, from %i, with %i kept', (_, totalCount, offset, rowCount, next) => {
    const { rows: shown } = pageResult({ totalCount, items: rows(20) }, offset);
    expect(shown?.continuation?.(rowCount)).toEqual(next);
  });

  test.each([null, undefined, '45', true, {}, []])(
    'a total of %j is unknown, and only an empty page is the last one',
    (totalCount) => {
      const { data, rows: shown } = pageResult(odd({ totalCount, items: rows(3) }), 10);
      expect(data.totalCount).toBe('unknown');
      expect(shown?.continuation?.(3)).toEqual({ nextOffset: 13 });
      expect(shown?.continuation?.(0)).toEqual({});
    },
  );

  test.each([null, undefined, 'none', 7, {}, { 0: { id: 1 } }])('treats items of %j as no rows', (items) => {
    expect(pageResult(odd({ totalCount: 3, items }), 0).data).toEqual({ totalCount: 3, returned: 0, items: [] });
  });

  test('shows a row that is not an object unchanged', () => {
    const { data } = pageResult(odd({ totalCount: 4, items: [null, 'text', [1], { id: 7 }] }), 0, ({ id }) => ({
      n: id,
    }));
    expect(data).toEqual({
      totalCount: 4,
      returned: 4,
      items: [{ value: null }, { value: 'text' }, { value: [1] }, { n: 7 }],
    });
  });
});
