import { z } from 'zod';
import type { ToolAnswer } from './define.ts';

interface PageAnswer<Row> {
  totalCount?: number | null | undefined;
  items?: Row[] | null | undefined;
}

/**
 * The answer of a tool that lists rows which the API counts: its total, the rows, and the offset to go on from.
 * @param row makes the compact form of a row; left out, rows stay as they are.
 */
export function pageAnswer<Row>(
  page: PageAnswer<Row>,
  offset: number,
  row?: (item: Row) => unknown,
  extra: Record<string, unknown> = {},
): ToolAnswer {
  const rows = page.items ?? [];
  const total = page.totalCount ?? null;
  return {
    data: {
      ...extra,
      totalCount: total ?? 'unknown',
      returned: rows.length,
      items: row === undefined ? rows : rows.map(row),
    },
    rows: {
      key: 'items',
      goOn(kept) {
        const next = offset + kept;
        // Without a total only a page that came back empty, and whole, is surely the last.
        const more = kept > 0 && (total === null || next < total);
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
