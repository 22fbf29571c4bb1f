import * as z from 'zod';
import { ROWS_PER_PAGE, readAllPages } from '../../lib/read-pages.ts';
import { type ResourceContext, type ResourceOutput, restFields, restOf } from './types.ts';

/** One call each. */
const MAX_PAGES = 3;

interface IndexOptions<Row> {
  /** The name of the rows in the JSON. */
  key: string;
  read(page: {
    offset: number;
    limit: number;
  }): Promise<{ items?: Row[] | null | undefined; totalCount?: number | null | undefined }>;
  row(item: Row): unknown;
  /** For listings without a documented order. */
  order?(a: Row, b: Row): number;
  /** The tool that returns the rows beyond the limit. */
  tool: string;
}

/** Reads the first 300 rows of a listing. */
export async function readIndex<Row>(context: ResourceContext, options: IndexOptions<Row>): Promise<ResourceOutput> {
  const { key, tool, order } = options;
  let total: number | undefined;
  const { rows, isAll } = await readAllPages<Row>(
    async (page) => {
      const result = await options.read(page);
      total = result.totalCount ?? undefined;
      return result;
    },
    { maxPages: MAX_PAGES },
  );
  const all = isAll ? rows.length : (total ?? 'unknown');
  const sorted = order === undefined ? rows : [...rows].sort(order);
  const isInOrder = sorted.every((row, at) => row === rows[at]);
  return {
    data: { totalCount: all, returned: rows.length, [key]: sorted.map(options.row) },
    rows: {
      key,
      continuation: (returned) =>
        restOf(context, all === 'unknown' ? all : all - returned, tool, {
          // The tool's offset counts in HeyReach's order, so it is of no use where the rows were sorted.
          offset: isInOrder ? returned : 0,
          limit: ROWS_PER_PAGE,
        }),
    },
  };
}

/** The output schema of an index. */
export function indexOutput(key: string, row: z.ZodType) {
  return z.looseObject({
    totalCount: z.union([z.number(), z.literal('unknown')]),
    returned: z.number(),
    [key]: z.array(row),
    ...restFields(),
  });
}
