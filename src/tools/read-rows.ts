export const ROWS_A_PAGE = 100;

interface PageOf<Row> {
  items?: Row[] | null | undefined;
  totalCount?: number | null | undefined;
}

/**
 * Reads the rows of a listing, a hundred at a time, until there are no more or enough.
 * @param read one page; undefined where it could not be read, which ends it.
 * @param isEnough told the rows so far before each page but the first.
 * @returns the rows, and whether they are all there are.
 */
export async function readRows<Row>(
  read: (page: { offset: number; limit: number }) => Promise<PageOf<Row> | undefined>,
  { mostPages, isEnough = () => false }: { mostPages: number; isEnough?: (rows: readonly Row[]) => boolean },
): Promise<{ rows: Row[]; isAll: boolean }> {
  const rows: Row[] = [];
  for (let page = 0; page < mostPages && (page === 0 || !isEnough(rows)); page += 1) {
    const found = await read({ offset: rows.length, limit: ROWS_A_PAGE });
    if (found?.items == null) break;
    const { items, totalCount } = found;
    rows.push(...items);
    const isLast = items.length === 0 || (totalCount == null ? items.length < ROWS_A_PAGE : rows.length >= totalCount);
    if (isLast) return { rows, isAll: true };
  }
  return { rows, isAll: false };
}
