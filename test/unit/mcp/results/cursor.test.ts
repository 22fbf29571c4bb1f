import { describe, expect, test } from 'vitest';
import { packCursor, unpackCursor } from '../../../../src/mcp/results/cursor.ts';

const ARGS = { limit: 20, seen: false, tags: ['one'] };

describe('cursors', () => {
  test.each([
    { upstream: null, skip: 0 },
    { upstream: null, skip: 7, last: '2-bWFkZSB1cA==' },
    { upstream: 'opaque/+=ü🚀', skip: 99, last: '' },
  ])('%j is unchanged after packing and unpacking', (position) => {
    expect(unpackCursor(packCursor(position, ARGS), ARGS)).toEqual({ last: undefined, ...position });
  });

  test('leaves an overlong id out', () => {
    const cursor = packCursor({ upstream: null, skip: 3, last: 'x'.repeat(100_000) }, ARGS);
    expect(cursor.length).toBeLessThan(100);
    expect(unpackCursor(cursor, ARGS)).toEqual({ upstream: null, skip: 3, last: undefined });
  });

  test('contain only URL-safe characters, and no readable content', () => {
    expect(packCursor({ upstream: 'opaque/+=', skip: 1 }, ARGS)).toMatch(/^[A-Za-z0-9_-]+$/);
  });

  test.each([
    { limit: 21, seen: false, tags: ['one'] },
    { limit: 20, seen: true, tags: ['one'] },
    { limit: 20, seen: false, tags: ['one', 'two'] },
    { limit: 20, seen: false },
    {},
  ])('are rejected with other arguments: %j', (other) => {
    const read = unpackCursor(packCursor({ upstream: 'x', skip: 1 }, ARGS), other);
    expect(read).toEqual(expect.stringContaining('belongs to other arguments'));
    expect(read).toEqual(expect.stringMatching(/^cursor /));
  });

  test('an omitted and an undefined argument are the same', () => {
    const cursor = packCursor({ upstream: 'x', skip: 1 }, { ...ARGS, from: undefined });
    expect(unpackCursor(cursor, ARGS)).toMatchObject({ upstream: 'x' });
  });

  const pack = (parts: unknown) => Buffer.from(JSON.stringify(parts)).toString('base64url');
  const [, , , hash] = JSON.parse(
    Buffer.from(packCursor({ upstream: null, skip: 0 }, ARGS), 'base64url').toString(),
  ) as string[];

  test.each([
    '',
    'x',
    '🚀',
    'bm90IGpzb24',
    pack(null),
    pack(12),
    pack({}),
    pack([]),
    pack(['x', 1, null]),
    pack(['x', 1, null, hash, 1]),
    pack([7, 1, null, hash]),
    pack(['x', -1, null, hash]),
    pack(['x', 1.5, null, hash]),
    pack(['x', 1e300, null, hash]),
    pack(['x', '1', null, hash]),
  ])('%j is not a cursor of this server', (cursor) => {
    expect(unpackCursor(cursor, ARGS)).toBe('cursor was not returned by this tool; pass nextCursor unchanged');
  });

  test('a shortened cursor is rejected', () => {
    const cursor = packCursor({ upstream: 'opaque', skip: 3, last: '2-made-up' }, ARGS);
    for (let length = 0; length < cursor.length - 1; length += 1) {
      expect(unpackCursor(cursor.slice(0, length), ARGS)).toEqual(expect.any(String));
    }
  });
});
