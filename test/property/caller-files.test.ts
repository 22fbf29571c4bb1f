import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sanitizeText } from '../../src/lib/sanitize-text.ts';
import type { Cell, ResultTable } from '../../src/mcp/services/caller-files.ts';
import { toCsv } from '../../src/workflows/files/csv.ts';
import { filesInMemory } from '../../src/workflows/files/file-store.ts';
import { Files } from '../../src/workflows/files/files.ts';
import { parseCsv } from '../../src/workflows/sources/parse-csv.ts';
import { runs } from '../support/runs/runs.ts';

const FORMULA = /^[=+\-@\t\r＝＋－＠]/;
const text = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: fc.constantFrom(...'=+-@\t\r\n",;\' aé＝🚀\u200b\ufeff') }),
);
const cell: fc.Arbitrary<Cell> = fc.oneof(text, fc.integer(), fc.boolean(), fc.constant(undefined));
const rows = fc.array(fc.tuple(fc.constant('row'), cell, cell), { minLength: 1, maxLength: 8 });

/** The value of a cell after reading the CSV. */
function readOf(value: Cell): string {
  if (value === undefined) return '';
  if (typeof value !== 'string') return String(value);
  const clean = sanitizeText(value);
  return FORMULA.test(clean) ? `'${clean}` : clean;
}

test('any table is unchanged after writing and reading its CSV, and no text starts like a formula', async () => {
  await fc.assert(
    fc.asyncProperty(rows, async (table) => {
      const csv = await toCsv({ columns: ['kind', 'first', 'second'], rows: table });
      const records = await parseCsv(csv.toString(), ',');
      expect(records).toEqual([['kind', 'first', 'second'], ...table.map((row) => row.map(readOf))]);
    }),
    { numRuns: runs(500) },
  );
});

const OWNERS = ['a'.repeat(16), 'b'.repeat(16)];
const step = fc.record({
  owner: fc.constantFrom(0, 1),
  what: fc.constantFrom('table', 'outcome', 'upload'),
  job: fc.nat(3),
});

test('each of two keys finds only its own files, in any order of files', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
      const files = new Files({ store: filesInMemory(), showsPaths: false });
      const ids: Set<string>[] = [new Set(), new Set()];
      for (const [index, { owner, what, job }] of steps.entries()) {
        const own = files.ofOwner(OWNERS[owner]!);
        const table: ResultTable = { kind: `owner ${owner}`, columns: ['index'], rows: [[index]] };
        if (what === 'table') ids[owner]!.add((await own.keep(table)).resultId);
        if (what === 'outcome') ids[owner]!.add((await own.keepOutcome(`00000000000${job}`, table)).resultId);
        if (what === 'upload') ids[owner]!.add(await own.upload(Buffer.from(`owner ${owner}, ${index}`)));
      }
      for (const [reader, own] of OWNERS.map((owner) => files.ofOwner(owner)).entries()) {
        for (const id of [...ids[0]!, ...ids[1]!]) {
          const content = (await own.find(id))?.kind ?? (await own.uploaded(id))?.toString();
          const csv = (await own.resultCsv(id)) ?? (await own.outcomeCsv(id));
          expect(content !== undefined).toBe(ids[reader]!.has(id));
          if (content !== undefined) expect(content).toMatch(new RegExp(`^owner ${reader}`));
          if (!ids[reader]!.has(id)) expect(csv).toBeUndefined();
        }
      }
    }),
    { numRuns: runs(200) },
  );
});
