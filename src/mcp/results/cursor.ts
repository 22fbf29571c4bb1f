import { createHash } from 'node:crypto';

/** The next position in a listing that HeyReach pages by cursor. */
export interface CursorPosition {
  /** HeyReach's cursor of the page, or null for the first page. */
  upstream: string | null;
  /** Rows of that page that were returned already. */
  skip: number;
  /** Id of the last returned row. It marks the position better than `skip` when new rows appear at the top. */
  last?: string | undefined;
}

/** Real ids have 58 characters. A much longer id is left out of the cursor, and `skip` is used. */
const MAX_ID = 300;

/**
 * Packs a position into an opaque cursor, bound to the arguments of the call.
 * @param args everything that selects the rows, including the page size.
 */
export function packCursor({ upstream, skip, last }: CursorPosition, args: unknown): string {
  const id = last !== undefined && last.length <= MAX_ID ? last : null;
  return Buffer.from(JSON.stringify([upstream, skip, id, hash(args)])).toString('base64url');
}

/**
 * @returns the position, or why the cursor cannot be used.
 */
export function unpackCursor(cursor: string, args: unknown): CursorPosition | string {
  const broken = 'cursor was not returned by this tool; pass nextCursor unchanged';
  let parts: unknown;
  try {
    parts = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    return broken;
  }
  if (!Array.isArray(parts) || parts.length !== 4) return broken;
  const [upstream, skip, last, argsHash] = parts as unknown[];
  if (upstream !== null && typeof upstream !== 'string') return broken;
  if (typeof skip !== 'number' || !Number.isSafeInteger(skip) || skip < 0) return broken;
  if (argsHash !== hash(args))
    return 'cursor belongs to other arguments; repeat those of the call that returned it, or leave cursor out';
  return { upstream, skip, last: typeof last === 'string' ? last : undefined };
}

function hash(args: unknown): string {
  return createHash('sha256').update(JSON.stringify(args)).digest('base64url').slice(0, 12);
}
