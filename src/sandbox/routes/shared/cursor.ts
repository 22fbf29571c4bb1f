import { hash32 } from '../../random.ts';

/** The position of a page's last row. */
interface Position {
  at: number;
  id: string;
}

const checksum = (seed: number, text: string): string => hash32(`${seed}:cursor:${text}`).toString(36);

/** An opaque cursor with a checksum, so that an edited cursor is rejected. */
export function writeCursor(seed: number, position: Position): string {
  const text = `${position.at} ${position.id}`;
  return Buffer.from(`${checksum(seed, text)} ${text}`).toString('base64');
}

/** The position in a cursor. undefined when the cursor is invalid. */
export function readCursor(seed: number, cursor: string): Position | undefined {
  const [check, at, id, ...more] = Buffer.from(cursor, 'base64').toString('utf8').split(' ');
  if (at === undefined || id === undefined || more.length > 0) return undefined;
  if (check !== checksum(seed, `${at} ${id}`)) return undefined;
  if (Buffer.from(`${check} ${at} ${id}`).toString('base64') !== cursor) return undefined;
  return { at: Number(at), id };
}
