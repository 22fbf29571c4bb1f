import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { classifyRows, type ImportCounts, presenceOf } from '../../../../src/workflows/imports/classify-rows.ts';
import type { RowToSend } from '../../../../src/workflows/imports/import-plan.ts';
import { runs } from '../../../support/runs/runs.ts';

/** The state of a row before the import, and the reaction of HeyReach. */
type Kind = 'fresh' | 'known' | 'unclear-fresh' | 'unclear-known' | 'dropped';

const rowsOf = (kinds: readonly Kind[]): RowToSend[] =>
  kinds.map((kind, number) => ({ number, identity: `in/${kind}-${number}`, lead: { profileUrl: `${number}` } }));
const presenceFor = (kinds: readonly Kind[]) =>
  new Map(
    kinds.flatMap((kind, number): [number, boolean][] =>
      kind.startsWith('unclear') ? [] : [[number, kind === 'known']],
    ),
  );
const countsOf = (kinds: readonly Kind[]): ImportCounts => ({
  sent: kinds.length,
  added: kinds.filter((kind) => kind.endsWith('fresh')).length,
  updated: kinds.filter((kind) => kind.endsWith('known')).length,
  failed: 0,
});
const outcomes = (kinds: readonly Kind[], further: Partial<ImportCounts> = {}, isRecounted = false) => {
  const rows = rowsOf(kinds);
  const call = classifyRows(rows, { ...countsOf(kinds), ...further }, { presence: presenceFor(kinds), isRecounted });
  return { ...call, of: rows.map((row) => call.of(row)) };
};

describe('the rows of a call', () => {
  test('get their outcome from the members before the call', () => {
    expect(outcomes(['fresh', 'known', 'fresh'])).toEqual({
      ...{ added: 2, updated: 1, undecided: 0, of: ['added', 'updated', 'added'] },
    });
  });

  test('rows that are sent twice count by their state before the first time', () => {
    const twice = outcomes(['fresh', 'known', 'fresh'], { added: 0, updated: 3 }, true);
    expect(twice).toEqual({ added: 2, updated: 1, undecided: 0, of: ['added', 'updated', 'added'] });
  });

  test('are not called added when a person was in the target under another URL', () => {
    const { of, undecided } = outcomes(['fresh', 'fresh', 'known'], { added: 1, updated: 2 });
    expect(of).toEqual(['added_or_updated', 'added_or_updated', 'updated']);
    expect(undecided).toBe(2);
  });

  test('are not called updated when a person has left the target', () => {
    const { of } = outcomes(['fresh', 'known', 'known'], { added: 2, updated: 1 });
    expect(of).toEqual(['added', 'added_or_updated', 'added_or_updated']);
  });

  test('are undecided where HeyReach gives no counts', () => {
    const { of, undecided } = outcomes(['fresh', 'known'], { added: null });
    expect([of, undecided]).toEqual([['added_or_updated', 'added_or_updated'], 2]);
  });

  test('never get the outcome of another kind, and keep the sums', () => {
    const kind = fc.constantFrom<Kind>('fresh', 'known', 'unclear-fresh', 'unclear-known', 'dropped');
    fc.assert(
      fc.property(fc.array(kind, { minLength: 1, maxLength: 12 }), (kinds) => {
        const { of, undecided, added, updated } = outcomes(kinds);
        expect([added, updated]).toEqual([countsOf(kinds).added, countsOf(kinds).updated]);
        expect(undecided).toBe(of.filter((outcome) => outcome === 'added_or_updated').length);
        for (const [at, outcome] of of.entries()) {
          // HeyReach drops rows without notice. The outcome of such a row is then undecided.
          const allowed = kinds[at] === 'dropped' ? [] : [kinds[at]!.endsWith('known') ? 'updated' : 'added'];
          expect([...allowed, 'added_or_updated']).toContain(outcome);
        }
        if (!kinds.some((rowKind) => rowKind === 'dropped' || rowKind.startsWith('unclear'))) expect(undecided).toBe(0);
      }),
      { numRuns: runs(200) },
    );
  });
});

test('a URL that HeyReach may know in another form is unclear, unless the target has it', () => {
  const row = (number: number, identity: string | undefined): RowToSend => ({ number, identity, lead: undefined });
  const rows = [row(1, 'in/ada'), row(2, 'in/mei'), row(3, 'sales/ACwAAx'), row(4, 'sales/ACwAAy'), row(5, undefined)];
  const members = new Set(['in/ada', 'sales/ACwAAx']);
  expect([...presenceOf(rows, members)]).toEqual([
    [1, true],
    [2, false],
    [3, true],
  ]);
  expect([...presenceOf(rows, undefined)]).toEqual([]);
});
