import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readContactPeople } from '../../src/workflows/contacted/contact-people.ts';
import { openIndex } from '../../src/workflows/people-index/open-index.ts';
import { type HeyReachStub, startStub } from '../support/heyreach/heyreach-stub.ts';
import { runs } from '../support/runs/runs.ts';
import { callerOn } from '../support/tools/people-index.ts';

let stub: HeyReachStub;
beforeAll(async () => {
  stub = await startStub();
});
afterAll(() => stub.close());

const PEOPLE = Array.from({ length: 6 }, (_, at) => `person-${at}-example`);
const url = fc.constantFrom(...PEOPLE).map((slug) => `https://www.linkedin.com/in/${slug}`);
const wrapped = fc
  .tuple(url, fc.constantFrom('', '<', '[', '"', '`'))
  .map(([address, mark]) =>
    mark === '<' ? `<${address}>` : mark === '[' ? `[Ada](${address})` : `${mark}${address}${mark}`,
  );
const word = fc.constantFrom('', 'Ada', 'Example Ltd', 'LinkedIn', 'Ask Mei', 'x');
const cell = fc.oneof(
  { weight: 3, arbitrary: wrapped },
  { weight: 2, arbitrary: word },
  fc.tuple(word, wrapped).map((parts) => parts.join(' ')),
);
const line = fc
  .tuple(
    fc.constantFrom('', '', '- ', '* ', '1. '),
    fc.array(cell, { minLength: 1, maxLength: 3 }),
    fc.constantFrom(', ', ',', '; ', ' ', ' | '),
  )
  .map(([bullet, cells, delimiter]) => `${bullet}${cells.join(delimiter)}`);

test('every profile URL of a text is checked, counted as a duplicate, or reported as left out', async () => {
  const { context } = callerOn(stub.url);
  const source = await openIndex(context);
  await fc.assert(
    fc.asyncProperty(fc.array(line, { minLength: 1, maxLength: 6 }), async (lines) => {
      const text = lines.join('\n');
      const inText = new Set(PEOPLE.filter((slug) => text.includes(`/in/${slug}`)));
      const memoizedRead = <Value>(_name: string, read: () => Promise<Value>) => read();
      const asked = await readContactPeople({ text }, source, { ...context, memoizedRead }).catch((error: Error) => {
        // An unreadable text gives no information about people.
        expect(error.message).toMatch(/has no row with data|has no column|is not valid CSV/);
      });
      if (asked === undefined) return;
      const read = asked.people.filter(({ key }) => inText.has(key.replace('in/', ''))).length;
      const leftOut = asked.incomplete.map(({ part }) => Number.parseInt(part, 10));
      const unreadable = asked.unreadable.filter(({ given }) => given.includes('/in/')).length;
      expect(read + leftOut.reduce((sum, count) => sum + count, 0) + unreadable).toBeGreaterThanOrEqual(inText.size);
    }),
    { numRuns: runs(400) },
  );
});
