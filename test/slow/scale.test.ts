import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { measureCosts } from '../bench/scale/costs.ts';
import { CALLERS_THAT_WAIT, HOUR_OF_WORK } from '../bench/scale/scenarios.ts';
import { simulate } from '../bench/scale/simulation.ts';
import { formatCosts } from '../bench/scale/tables.ts';
import { root } from '../support/documents/documents.ts';

/** Sizes depend slightly on the allocator, and on the digits of counters. */
const SIZE_TOLERANCE = 0.1;

const document = readFileSync(`${root}docs/scale.md`, 'utf8');
const blockOf = (name: string) =>
  document.slice(document.indexOf(`<!-- generated: ${name} -->`), document.indexOf(`<!-- end: ${name} -->`));
/** The rows of a table: the words, and the numbers. */
const rowsOf = (text: string) =>
  text
    .split('\n')
    .filter((line) => line.startsWith('| ') && !line.includes('---'))
    .map((line) => line.split('|').slice(1, -1))
    .map((cells) => ({
      words: cells.filter((cell) => !/^ [\d,]+ $/.test(cell)).map((cell) => cell.trim()),
      numbers: cells.filter((cell) => /^ [\d,]+ $/.test(cell)).map((cell) => Number(cell.replaceAll(',', ''))),
    }));

test('docs/scale.md has the measured commands, bytes and keys of calls', async () => {
  const written = rowsOf(blockOf('scale-costs'));
  const measured = rowsOf(formatCosts(await measureCosts(true)));
  expect(written.map(({ words }) => words)).toEqual(measured.map(({ words }) => words));
  for (const [row, { words, numbers }] of measured.entries()) {
    const counts = numbers.length > 1 ? 3 : 0;
    expect(written[row]!.numbers.slice(0, counts), `counts of ${words[0]}`).toEqual(numbers.slice(0, counts));
    for (const [place, size] of numbers.slice(counts).entries()) {
      const deviation = written[row]!.numbers[counts + place]! / size - 1;
      expect(Math.abs(deviation), `size of ${words[0]}`).toBeLessThan(SIZE_TOLERANCE);
    }
  }
}, 240_000);

test('docs/scale.md has the measured commands of a request, with and without waiting calls', () => {
  const [waiting, work] = [simulate(CALLERS_THAT_WAIT, 1), simulate(HOUR_OF_WORK, 1)];
  const text = blockOf('scale-needs');
  expect(text).toContain(`${(waiting.asks / waiting.starts).toFixed(2)} commands where calls wait`);
  expect(text).toContain(`and ${(work.asks / work.starts).toFixed(2)} where they do not`);
});

test('more replicas take more commands only if calls wait', () => {
  const asksPerStart = (replicas: number) => {
    const { asks, starts } = simulate({ ...CALLERS_THAT_WAIT, replicas }, 1);
    return asks / starts;
  };
  // A single replica knows all starts itself.
  expect(asksPerStart(1)).toBe(1);
  expect(asksPerStart(6)).toBeGreaterThan(asksPerStart(3));
  // Each of the 24 waiting calls asks at most 25 times in a window of 300 starts.
  expect(asksPerStart(3)).toBeLessThan(2 + (24 * 25) / 300);
});
