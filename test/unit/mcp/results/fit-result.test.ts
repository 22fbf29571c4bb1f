import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { clipText } from '../../../../src/lib/text-format.ts';
import { packCursor, unpackCursor } from '../../../../src/mcp/results/cursor.ts';
import { type FittedResult, fitResult } from '../../../../src/mcp/results/fit-result.ts';
import { isFullRun } from '../../../support/runs/run-scope.ts';

const CAP = 48_000;
const compact = { full: false };
const full = { full: true };

function expectFit({ structured, text }: FittedResult): void {
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(CAP);
  expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(structured)));
}

const page = (items: unknown[], continuation?: (rowCount: number) => Record<string, unknown>) => ({
  data: { totalCount: 5_000, returned: items.length, items },
  rows: { key: 'items', ...(continuation === undefined ? {} : { continuation }) },
});

describe('compact and full', () => {
  const data = {
    id: 1,
    zero: 0,
    no: false,
    nothing: null,
    empty: '',
    left: undefined,
    imageUrl: 'https://example.com/a.png',
    list: [],
    object: {},
    rows: [{ about: 'x'.repeat(401), imageUrl: 'https://example.com/b.png', note: null }, null],
  };

  test('compact omits nulls, empty texts and images, and clips long texts', () => {
    expect(fitResult({ data }, compact).structured).toEqual({
      id: 1,
      zero: 0,
      no: false,
      list: [],
      object: {},
      rows: [{ about: `${'x'.repeat(400)}… [401 characters]` }, null],
    });
  });

  test('full omits nothing', () => {
    const { left: _, ...all } = data;
    expect(fitResult({ data }, full).structured).toEqual(all);
  });

  test('a tool sets the length at which its texts are clipped', () => {
    const { structured } = fitResult({ data: { text: 'x'.repeat(60) } }, { full: false, clipAt: 50 });
    expect(structured.text).toBe(`${'x'.repeat(50)}… [60 characters]`);
  });

  test('hidden characters are removed from texts and names', () => {
    const shaped = fitResult({ data: { 'na\u200bme': 'A\u202eda', rows: ['\u{e0041}x'] } }, full);
    expect(shaped.structured).toEqual({ name: 'Ada', rows: ['x'] });
    expect(shaped.text).toBe('{"name":"Ada","rows":["x"]}');
  });

  test('a result that fits is not marked as truncated', () => {
    const shaped = fitResult(page([{ id: 1 }]), compact);
    expect(shaped.structured).toEqual({ totalCount: 5_000, returned: 1, items: [{ id: 1 }] });
  });

  test('the input is not changed', () => {
    const frozen = Object.freeze({ rows: Object.freeze([Object.freeze({ text: 'x'.repeat(90_000) })]) });
    expectFit(fitResult({ data: frozen as never }, full));
  });

  test('no prototype is changed', () => {
    const planted = JSON.parse(
      '{"__proto__":{"planted":1},"a":{"__proto__":{"planted":1},"constructor":{"prototype":{}}}}',
    );
    const { structured, text } = fitResult({ data: planted }, full);
    expect(text).toBe('{"a":{"constructor":{"prototype":{}}}}');
    expect((structured as { planted?: unknown }).planted).toBeUndefined();
    expect((structured.a as { planted?: unknown }).planted).toBeUndefined();
    expect(({} as { planted?: unknown }).planted).toBeUndefined();
    const hidden = fitResult({ data: JSON.parse('{"__pro\u200bto__":{"planted":1}}') }, full);
    expect((hidden.structured as { planted?: unknown }).planted).toBeUndefined();
  });
});

describe('clipText', () => {
  test('keeps a text that fits', () => {
    expect(clipText('abc', 3)).toBe('abc');
  });

  test('does not cut a character in two', () => {
    const clipped = clipText('🚀'.repeat(50), 81);
    expect(clipped).toBe(`${'🚀'.repeat(40)}… [100 characters]`);
    expect(clipped.isWellFormed()).toBe(true);
  });

  test('leaves short texts unclipped, because they may be ids, dates or a few words', () => {
    expect(clipText('x'.repeat(40), 5)).toBe('x'.repeat(40));
    expect(clipText('x'.repeat(41), 5)).toBe('xxxxx…');
  });

  test('omits the length if it takes as much room as the text', () => {
    expect(clipText('x'.repeat(60), 15)).toBe(`${'x'.repeat(15)}…`);
  });
});

describe('the size cap of 48,000 bytes', () => {
  const row = (index: number) => ({ id: index, text: 'é'.repeat(200) });

  test('drops whole rows, reports it, and says where to continue', () => {
    const items = Array.from({ length: 1_000 }, (_, index) => row(index));
    const shaped = fitResult(
      page(items, (rowCount) => ({ nextOffset: 500 + rowCount })),
      compact,
    );
    expectFit(shaped);
    const shown = shaped.structured.items as unknown[];
    expect(shaped.structured).toMatchObject({
      truncated: true,
      totalCount: 5_000,
      returned: shown.length,
      nextOffset: 500 + shown.length,
    });
    expect(shown).toEqual(items.slice(0, shown.length));
    // Another row would not have fitted, apart from the room for the continuation.
    expect(Buffer.byteLength(shaped.text)).toBeGreaterThan(CAP - 1_000);
  });

  test('counts bytes, not characters', () => {
    const items = Array.from({ length: 40 }, (_, index) => ({ id: index, text: '🚀'.repeat(190) }));
    expect(JSON.stringify(items).length).toBeLessThan(CAP);
    expect(fitResult(page(items), compact).structured).toMatchObject({ items: expect.any(Array) });
    const many = Array.from({ length: 80 }, (_, index) => ({ id: index, text: '🚀'.repeat(190) }));
    expect(JSON.stringify(many).length).toBeLessThan(CAP);
    const shaped = fitResult(page(many), compact);
    expectFit(shaped);
    expect(shaped.structured.truncated).toBe(true);
  });

  test('drops the oldest rows where the newest matter', () => {
    const messages = Array.from({ length: 200 }, (_, index) => row(index));
    const shaped = fitResult({ data: { messages, returned: 200 }, rows: { key: 'messages', keep: 'last' } }, full);
    expectFit(shaped);
    const shown = shaped.structured.messages as { id: number }[];
    expect(shown.at(-1)?.id).toBe(199);
    expect(shown).toEqual(messages.slice(-shown.length));
  });

  test('continuing repeatedly returns every row exactly once', () => {
    const all = Array.from({ length: 700 }, (_, index) => ({ id: index, text: 'x'.repeat((index * 37) % 900) }));
    const seen: number[] = [];
    for (let offset: number | undefined = 0; offset !== undefined; ) {
      const from: number = offset;
      const { structured } = fitResult(
        page(all.slice(from, from + 300), (rowCount) =>
          from + rowCount < all.length ? { nextOffset: from + rowCount } : {},
        ),
        full,
      );
      seen.push(...(structured.items as { id: number }[]).map(({ id }) => id));
      offset = structured.nextOffset as number | undefined;
    }
    expect(seen).toEqual(all.map(({ id }) => id));
  });

  test('clips a single row that is too large, so that the next page starts after it', () => {
    const huge = { id: 1, text: 'x'.repeat(100_000), more: Array.from({ length: 9 }, () => 'y'.repeat(9_000)) };
    const shaped = fitResult(
      page([huge, row(2)], (rowCount) => ({ nextOffset: rowCount })),
      full,
    );
    expectFit(shaped);
    expect(shaped.structured).toMatchObject({ truncated: true, returned: 1, nextOffset: 1, items: [{ id: 1 }] });
  });

  test('never clips a cursor', () => {
    const args = { limit: 1 };
    const position = { upstream: 'c'.repeat(600), skip: 1, last: '2-bWFkZSB1cA==' };
    const crumbs = Object.fromEntries(Array.from({ length: 3_000 }, (_, index) => [`f${index}`, 'x'.repeat(60)]));
    const shaped = fitResult(
      page([crumbs, row(2)], () => ({ nextCursor: packCursor(position, args) })),
      full,
    );
    expectFit(shaped);
    expect(unpackCursor(shaped.structured.nextCursor as string, args)).toEqual(position);
  });

  test('omits a cursor that is longer than any parameter may be', () => {
    const shaped = fitResult(
      page([row(1)], () => ({ nextCursor: 'c'.repeat(60_000), nextOffset: 1 })),
      full,
    );
    expectFit(shaped);
    expect(shaped.structured).toEqual({ totalCount: 5_000, returned: 1, items: [row(1)], nextOffset: 1 });
  });

  test('the result still fits when a last id makes the cursor long', () => {
    const items = Array.from({ length: 400 }, (_, index) => row(index));
    const shaped = fitResult(
      page(items, (rowCount) => (rowCount === 0 ? {} : { nextCursor: 'c'.repeat(3_000) })),
      full,
    );
    expectFit(shaped);
    expect(shaped.structured.returned).toBe((shaped.structured.items as unknown[]).length);
  });

  test('keeps the index of each of a thousand rows with a long reason', () => {
    const refused = Array.from({ length: 1_000 }, (_, index) => ({
      index,
      reason: `customUserFields name "my field ${index}" may only have letters, digits and _`,
    }));
    const shaped = fitResult({ data: { given: 1_000, sent: 0, refused, duplicates: [] } }, full);
    expectFit(shaped);
    expect(shaped.structured).toMatchObject({ truncated: true, given: 1_000, sent: 0 });
    expect((shaped.structured.refused as { index: number }[]).map(({ index }) => index)).toEqual(
      refused.map(({ index }) => index),
    );
  });

  test.each([
    ['many numbers', { list: Array.from({ length: 50_000 }, (_, index) => index) }],
    ['many short texts', { list: Array.from({ length: 50_000 }, () => 'abc') }],
    ['many fields', Object.fromEntries(Array.from({ length: 8_000 }, (_, index) => [`field${index}`, index]))],
    ['many nested fields', { a: Object.fromEntries(Array.from({ length: 8_000 }, (_, i) => [`field${i}`, { i }])) }],
    ['long names', { a: { ['n'.repeat(90_000)]: 1 }, ['m'.repeat(90_000)]: 2 }],
    ['a long text', { a: 'x'.repeat(4_000_000) }],
    ['texts that are longer as JSON', { list: Array.from({ length: 5_000 }, () => '"\\\n"\t') }],
    ['deep lists', { a: JSON.parse('['.repeat(20_000) + ']'.repeat(20_000)) }],
    ['deep objects', { a: JSON.parse(`${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`) }],
    ['a bush', { a: bush(isFullRun ? 9 : 8) }],
  ])('%s fit as well, with the first and the last field', (_, data) => {
    for (const options of [full, compact]) {
      const shaped = fitResult({ data: { first: 1, ...data, last: 2 } }, options);
      expectFit(shaped);
      expect(shaped.structured).toMatchObject({ first: 1, last: 2 });
    }
  });

  test('keeps one row and its continuation if the other fields alone are too large', () => {
    const answer = page([row(1), row(2)], (rowCount) => ({ nextOffset: rowCount }));
    const shaped = fitResult({ ...answer, data: { about: 'x'.repeat(60_000), ...answer.data } }, full);
    expectFit(shaped);
    expect(shaped.structured).toMatchObject({ returned: 1, nextOffset: 1, truncated: true });
  });
});

describe('annotations of a result', () => {
  const anything = z.looseObject({});

  test('are added to the structure and to the text', () => {
    const shaped = fitResult({ data: { id: 1, name: 'Ada' } }, { ...compact, schema: anything });
    expect(shaped.structured).toEqual({ id: 1, name: 'Ada', untrustedFields: ['name'] });
    expect(shaped.text).toBe('{"id":1,"name":"Ada","untrustedFields":["name"]}');
  });

  test('are computed from the remaining rows', () => {
    const annotated: unknown[] = [];
    const watch = (structured: Record<string, unknown>) => {
      annotated.push(structured.items);
      return { last: (structured.items as { id: number }[]).at(-1)?.id };
    };
    const items = Array.from({ length: 1_000 }, (_, id) => ({ id, text: `a\u200b${'x'.repeat(500)}` }));
    const { structured } = fitResult(page(items), { ...compact, annotate: watch });
    const shown = structured.items as { id: number; text: string }[];
    expect(structured.last).toBe(shown.length - 1);
    expect(annotated.at(-1)).toEqual(shown);
    expect(shown[0]!.text).toBe(`a${'x'.repeat(399)}… [501 characters]`);
  });

  test('get room next to the rows, after few attempts', () => {
    let attempts = 0;
    const long = (structured: Record<string, unknown>) => {
      attempts += 1;
      return { notes: (structured.items as unknown[]).length > 0 ? ['n'.repeat(9_000)] : [] };
    };
    const items = Array.from({ length: 5_000 }, (_, id) => ({ id }));
    const shaped = fitResult(
      page(items, (rowCount) => ({ nextOffset: rowCount })),
      { ...full, annotate: long },
    );
    expectFit(shaped);
    const { returned, nextOffset, notes } = shaped.structured;
    expect(returned).toBe(nextOffset);
    expect(notes).toHaveLength(1);
    expect(Buffer.byteLength(shaped.text)).toBeGreaterThan(CAP - 1_000);
    expect(attempts).toBeLessThan(5);
  });

  test('count toward the cap', () => {
    const items = Array.from({ length: 2 }, (_, id) => ({ id, text: 'x'.repeat(23_920) }));
    expect(fitResult(page(items), full).structured.truncated).toBeUndefined();
    const notes = () => ({ notes: 'n'.repeat(200) });
    const cut = fitResult(page(items), { ...full, annotate: notes });
    expectFit(cut);
    expect(cut.structured).toMatchObject({ truncated: true, returned: 1, notes: 'n'.repeat(200) });
    const clipped = fitResult({ data: { texts: items } }, { ...full, annotate: notes });
    expectFit(clipped);
    expect(clipped.structured).toMatchObject({
      truncated: true,
      texts: [{ id: 0 }, { id: 1 }],
      notes: 'n'.repeat(200),
    });
  });

  test.each([
    ['many short texts', { list: Array.from({ length: 50_000 }, () => 'abc') }],
    ['many texts', Object.fromEntries(Array.from({ length: 8_000 }, (_, index) => [`field${index}`, 'abc']))],
    ['long names', { a: { ['n'.repeat(90_000)]: 'x' }, ['m'.repeat(90_000)]: 'x' }],
    ['deep lists', { a: JSON.parse(`${'['.repeat(20_000)}"x"${']'.repeat(20_000)}`) }],
    ['deep objects', { a: JSON.parse(`${'{"a":'.repeat(20_000)}"x"${'}'.repeat(20_000)}`) }],
    ['many long paths', { a: thicket(6, 'n'.repeat(39)), b: 'x'.repeat(60_000) }],
    ['a bush', { a: bush(isFullRun ? 9 : 8) }],
  ])('%s fit with annotations', (_, data) => {
    const shaped = fitResult({ data: { first: 1, ...data, last: 2 } }, { ...full, schema: anything });
    expectFit(shaped);
    expect(shaped.structured).toMatchObject({ first: 1, last: 2, untrustedFields: expect.arrayContaining([]) });
    expect(shaped.structured.untrustedFields).not.toEqual([]);
  });
});

function thicket(depth: number, name: string): unknown {
  if (depth === 0) return 'a text';
  return { [`${name}a`]: thicket(depth - 1, name), [`${name}b`]: thicket(depth - 1, name) };
}

function bush(depth: number): unknown {
  return depth === 0 ? 'leaf of a bush' : { a: bush(depth - 1), b: [bush(depth - 1), bush(depth - 1)] };
}
