import * as z from 'zod';
import { isRecord } from '../../lib/json.ts';
import type { ToolOutput } from '../tool.ts';

interface ApiPage<Row> {
  totalCount?: number | null | undefined;
  items?: Row[] | null | undefined;
}

interface PageOptions {
  /** Further fields of the result. */
  extra?: Record<string, unknown>;
  /** The offset after `rowCount` rows, where it is not the sum of both. */
  offsetAfter?(rowCount: number): number;
}

/**
 * The output of a tool that lists rows which the API counts: the total, the rows, and the offset of the next page.
 * @param row makes the compact form of a row. Without it, rows stay unchanged.
 */
export function pageResult<Row>(
  page: ApiPage<Row>,
  offset: number,
  row?: (item: Row) => unknown,
  { extra = {}, offsetAfter = (rowCount) => offset + rowCount }: PageOptions = {},
): ToolOutput {
  // HeyReach may send other types than it documents: such a total is unknown, such a row is shown unchanged.
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
      continuation(rowCount) {
        const next = offsetAfter(rowCount);
        // Without a total, only an empty page is surely the last.
        const hasMore = total === null ? rowCount > 0 : next > offset && next < total;
        return hasMore ? { nextOffset: next } : {};
      },
    },
  };
}

/** The output schema of a tool that lists rows. The API's own schema names the fields of a row. */
export function pageOutput(row: z.ZodType, extra: z.ZodRawShape = {}) {
  return z.looseObject({
    ...extra,
    totalCount: z.union([z.number(), z.literal('unknown')]).describe('total rows according to HeyReach'),
    returned: z.number(),
    items: z.array(row),
    nextOffset: z.number().optional().describe('offset of the next page; absent on the last page'),
  });
}
