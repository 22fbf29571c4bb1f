import { z } from 'zod';
import { ROWS_A_PAGE, readRows } from '../tools/read-rows.ts';
import { type ResourceAnswer, type ResourceContext, restFields, restOf } from './resource.ts';

/** Three calls: as many as a listing may cost. */
const MOST_PAGES = 3;

interface IndexOptions<Row> {
  /** The name of the rows in the answer. */
  key: string;
  read(page: {
    offset: number;
    limit: number;
  }): Promise<{ items?: Row[] | null | undefined; totalCount?: number | null | undefined }>;
  row(item: Row): unknown;
  /** Where HeyReach documents no order of its own. */
  order?(a: Row, b: Row): number;
  /** The tool that gives the rows that are not here. */
  tool: string;
}

/** Reads all rows of a listing, some hundreds at most. */
export async function readIndex<Row>(context: ResourceContext, options: IndexOptions<Row>): Promise<ResourceAnswer> {
  const { key, tool, order } = options;
  let total: number | undefined;
  const { rows, isAll } = await readRows<Row>(
    async (page) => {
      const found = await options.read(page);
      total = found.totalCount ?? undefined;
      return found;
    },
    { mostPages: MOST_PAGES },
  );
  const all = isAll ? rows.length : (total ?? 'unknown');
  const sorted = order === undefined ? rows : [...rows].sort(order);
  const isInOrder = sorted.every((row, at) => row === rows[at]);
  return {
    data: { totalCount: all, returned: rows.length, [key]: sorted.map(options.row) },
    rows: {
      key,
      goOn: (kept) =>
        restOf(context, all === 'unknown' ? all : all - kept, tool, {
          // The tool counts in HeyReach's order: where ours is another, the rest is not what follows there.
          offset: isInOrder ? kept : 0,
          limit: ROWS_A_PAGE,
        }),
    },
  };
}

/** The fields of an index. */
export function indexOutput(key: string, row: z.ZodType) {
  return z.looseObject({
    totalCount: z.union([z.number(), z.literal('unknown')]),
    returned: z.number(),
    [key]: z.array(row),
    ...restFields,
  });
}
