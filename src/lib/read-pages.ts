/** Rows per request. Most listings of HeyReach return no more. */
export const ROWS_PER_PAGE = 100;

interface ApiPage<Row> {
  items?: Row[] | null | undefined;
  totalCount?: number | null | undefined;
}

/**
 * Reads a listing page by page until it ends, `maxPages` are read or `isEnough` is true.
 * @param read reads one page. Reading ends when it returns undefined.
 * @param isEnough is called with the rows so far before every page except the first.
 * @returns the rows, and whether the listing was read to its end.
 */
export async function readAllPages<Row>(
  read: (page: { offset: number; limit: number }) => Promise<ApiPage<Row> | undefined>,
  { maxPages, isEnough = () => false }: { maxPages: number; isEnough?: (rows: readonly Row[]) => boolean },
): Promise<{ rows: Row[]; isAll: boolean }> {
  const rows: Row[] = [];
  for (let page = 0; page < maxPages && (page === 0 || !isEnough(rows)); page += 1) {
    const result = await read({ offset: rows.length, limit: ROWS_PER_PAGE });
    if (result?.items == null) break;
    const { items, totalCount } = result;
    rows.push(...items);
    const isLast =
      items.length === 0 || (totalCount == null ? items.length < ROWS_PER_PAGE : rows.length >= totalCount);
    if (isLast) return { rows, isAll: true };
  }
  return { rows, isAll: false };
}
