import type { HeyReachError } from '../../client/index.ts';
import { settle } from '../shared/settle.ts';
import { sideBySide } from '../shared/side-by-side.ts';

interface Page<Row> {
  items?: readonly Row[] | null | undefined;
  totalCount?: number | null | undefined;
}

export interface RowsRead<Row> {
  rows: Row[];
  /** Why rows are missing. Undefined where the listing was read to its end. */
  gap?: HeyReachError | 'changed' | 'no rows';
}

/** No call has the time for more pages. A number of rows that needs more may be wrong. */
const MAX_PAGES = 1_000;

/**
 * Reads a listing whose first page says how many rows there are: the other pages side by side. What can be read is returned
 * although a page fails. A listing that changes meanwhile has shifted rows, and counts as changed where rows are missing.
 * @param first the first page where it was read already.
 * @throws HeyReachError where the first page cannot be read.
 */
export async function readPagedRows<Row>(
  read: (page: { offset: number; limit: number }) => Promise<Page<Row>>,
  { limit, most, first }: { limit: number; most: number; first?: Page<Row> | undefined },
): Promise<RowsRead<Row>> {
  const start = first ?? (await read({ offset: 0, limit }));
  const rows = [...(start.items ?? [])];
  const { totalCount } = start;
  // An answer without rows does not say that there are none.
  if (start.items == null && totalCount !== 0) return { rows, gap: 'no rows' };
  // Without a number the pages follow each other until one is not full.
  if (totalCount == null) return rows.length < limit ? { rows } : readOn(read, rows, limit);
  const further = Math.min(MAX_PAGES, Math.max(0, Math.ceil(totalCount / limit) - 1));
  const offsets = Array.from({ length: further }, (_, at) => (at + 1) * limit);
  const pages = await sideBySide(offsets, most, (offset) => settle(read({ offset, limit })));
  let gap: RowsRead<Row>['gap'];
  let largest = totalCount;
  for (const page of pages) {
    if (!page.ok) gap ??= page.error;
    else {
      rows.push(...(page.value.items ?? []));
      largest = Math.max(largest, page.value.totalCount ?? 0);
    }
  }
  gap ??= rows.length < largest ? 'changed' : undefined;
  return gap === undefined ? { rows } : { rows, gap };
}

async function readOn<Row>(
  read: (page: { offset: number; limit: number }) => Promise<Page<Row>>,
  rows: Row[],
  limit: number,
): Promise<RowsRead<Row>> {
  for (;;) {
    const page = await settle(read({ offset: rows.length, limit }));
    if (!page.ok) return { rows, gap: page.error };
    const { items } = page.value;
    if (items == null) return { rows, gap: 'no rows' };
    rows.push(...items);
    if (items.length < limit) return { rows };
  }
}
