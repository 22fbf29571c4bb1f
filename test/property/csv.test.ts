import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeText } from '../../src/workflows/sources/decode-text.ts';
import { parseTable } from '../../src/workflows/sources/parse-table.ts';
import { runs } from '../support/runs/runs.ts';

/**
 * Cells with everything that CSV must quote. No cell begins with a byte order mark, and at least one cell in each row
 * is not blank.
 */
const cell = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.constantFrom('Ada', 'Example, Ltd', 'x;y', 'a\tb', 'said "hi"', 'two\nlines', 'a\r\nb', 'Zoë 李'),
  },
  { weight: 2, arbitrary: fc.string({ unit: 'grapheme', maxLength: 12 }) },
  fc.constant(''),
);

const sheet = fc.integer({ min: 2, max: 5 }).chain((width) =>
  fc.record({
    columns: fc.constant(Array.from({ length: width }, (_, index) => `column-${index}`)),
    // The first cell is filled, because blank lines are not rows.
    rows: fc.array(fc.tuple(fc.constantFrom('Ada', 'Mei', '"'), ...Array.from({ length: width - 1 }, () => cell)), {
      minLength: 1,
      maxLength: 8,
    }),
    delimiter: fc.constantFrom(',', ';', '\t'),
    newline: fc.constantFrom('\n', '\r\n'),
    encoding: fc.constantFrom('utf8', 'utf8 with a mark', 'utf16le'),
  }),
);

function write(columns: readonly string[], rows: readonly string[][], delimiter: string, newline: string): string {
  const quote = (text: string) => `"${text.replaceAll('"', '""')}"`;
  return [columns, ...rows].map((cells) => cells.map(quote).join(delimiter)).join(newline);
}

test('any sheet has the same cells after writing and reading', async () => {
  await fc.assert(
    fc.asyncProperty(sheet, async ({ columns, rows, delimiter, newline, encoding }) => {
      const text = write(columns, rows, delimiter, newline);
      const marked = encoding === 'utf8' ? text : `\ufeff${text}`;
      const bytes = Buffer.from(marked, encoding === 'utf16le' ? 'utf16le' : 'utf8');
      const table = await parseTable((await decodeText(bytes)).text);
      expect(table).toEqual({
        columns,
        rows: rows.map((row) => row.map((cellText) => cellText.toWellFormed())),
        tooLong: 0,
      });
    }),
    { numRuns: runs(200) },
  );
});

test('any JSON table has the same cells after writing and reading', async () => {
  const table = fc.array(
    fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.string({ unit: 'grapheme' }), { minKeys: 1 }),
    {
      minLength: 1,
      maxLength: 8,
    },
  );
  await fc.assert(
    fc.asyncProperty(table, fc.boolean(), async (rows, areLines) => {
      const text = areLines ? rows.map((row) => JSON.stringify(row)).join('\n') : JSON.stringify(rows);
      const { columns, rows: read } = await parseTable(text, areLines ? '.jsonl' : '.json');
      for (const [index, row] of rows.entries()) {
        for (const [column, value] of Object.entries(row)) expect(read[index]?.[columns.indexOf(column)]).toBe(value);
      }
    }),
    { numRuns: runs(100) },
  );
});

test('for any text, the parser returns a table or throws its own error', async () => {
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.string(), fc.json(), fc.uint8Array()), async (input) => {
      const text = typeof input === 'string' ? input : (await decodeText(input)).text;
      await parseTable(text).then(
        ({ columns, rows }) => {
          for (const row of rows) expect(row).toHaveLength(columns.length);
        },
        (error: Error) => expect(error.constructor.name).toBe('ParseError'),
      );
    }),
    { numRuns: runs(300) },
  );
});
