import { createHash } from 'node:crypto';

/** Where to go on in a listing that HeyReach does not count by rows. */
export interface Position {
  /** HeyReach's cursor of the page, or null for the first. */
  upstream: string | null;
  /** Rows of that page that were given already. */
  skip: number;
  /** The last row given: on a page that has grown at the top it says better than a count where to go on. */
  last?: string | undefined;
}

/** Ids have 58 characters; one that would blow the cursor up is none, and the count has to do. */
const MAX_ID = 300;

/**
 * Packs a position into an opaque cursor, tied to the arguments it was made for.
 * @param args everything that decides which rows there are, the page size among them.
 */
export function packCursor({ upstream, skip, last }: Position, args: unknown): string {
  const id = last !== undefined && last.length <= MAX_ID ? last : null;
  return Buffer.from(JSON.stringify([upstream, skip, id, hash(args)])).toString('base64url');
}

/**
 * @returns the position, or a sentence that says why the cursor cannot be used.
 */
export function unpackCursor(cursor: string, args: unknown): Position | string {
  const broken = 'cursor is not one that this tool returned; pass nextCursor on unchanged';
  let parts: unknown;
  try {
    parts = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    return broken;
  }
  if (!Array.isArray(parts) || parts.length !== 4) return broken;
  const [upstream, skip, last, madeFor] = parts as unknown[];
  if (upstream !== null && typeof upstream !== 'string') return broken;
  if (typeof skip !== 'number' || !Number.isSafeInteger(skip) || skip < 0) return broken;
  if (madeFor !== hash(args))
    return 'cursor belongs to other arguments; repeat those of the call that returned it, or leave cursor out';
  return { upstream, skip, last: typeof last === 'string' ? last : undefined };
}

function hash(args: unknown): string {
  return createHash('sha256').update(JSON.stringify(args)).digest('base64url').slice(0, 12);
}
