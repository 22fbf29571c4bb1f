import { z } from 'zod';
import type { ToolAnswer } from './define.ts';
import { isRecord } from './is-record.ts';

interface PageAnswer<Row> {
  totalCount?: number | null | undefined;
  items?: Row[] | null | undefined;
}

interface PageOptions {
  /** Fields of the answer besides the page. */
  extra?: Record<string, unknown>;
  /** The offset after so many rows, where rows do not simply follow one another. */
  offsetAfter?(kept: number): number;
}

/**
 * The answer of a tool that lists rows which the API counts: its total, the rows, and the offset to go on from.
 * @param row makes the compact form of a row; left out, rows stay as they are.
 */
export function pageAnswer<Row>(
  page: PageAnswer<Row>,
  offset: number,
  row?: (item: Row) => unknown,
  { extra = {}, offsetAfter = (kept) => offset + kept }: PageOptions = {},
): ToolAnswer {
  // Typed by what HeyReach documents, yet it may send anything: an odd total is unknown, an odd row is shown as it came.
  const rows: Row[] = Array.isArray(page.items) ? page.items : [];
  const total = typeof page.totalCount === 'number' ? page.totalCount : null;
  return {
    data: {
      ...extra,
      totalCount: total ?? 'unknown',
      returned: rows.length,
      items: rows.map((item) => (!isRecord(item) ? { value: item } : row === undefined ? item : row(item))),
    },
    rows: {
      key: 'items',
      goOn(kept) {
        const next = offsetAfter(kept);
        // Without a total only a page that came back empty, and whole, is surely the last.
        const more = total === null ? kept > 0 : next > offset && next < total;
        return more ? { nextOffset: next } : {};
      },
    },
  };
}

/** The output of a tool that answers pages: what a row may hold is named by the API's own schema. */
export function pageOutput(row: z.ZodType, extra: z.ZodRawShape = {}) {
  return z.looseObject({
    ...extra,
    totalCount: z.union([z.number(), z.literal('unknown')]).describe('all there are, as HeyReach counts'),
    returned: z.number(),
    items: z.array(row),
    nextOffset: z.number().optional().describe('offset to go on from; absent on the last page'),
  });
}
