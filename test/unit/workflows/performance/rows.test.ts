import { describe, expect, test } from 'vitest';
import { changeIn, NO_COUNTS, rateIn } from '../../../../src/workflows/performance/counts.ts';
import { filterRows, noteOf, type PerformanceRow, sortRows } from '../../../../src/workflows/performance/rows.ts';

const row = (counts: Partial<PerformanceRow['now']>, rest: Partial<PerformanceRow> = {}): PerformanceRow => ({
  now: { ...NO_COUNTS, ...counts },
  before: null,
  recent: 0,
  ...rest,
});

describe('rates', () => {
  test('are null for 0 of 0, and so is the change', () => {
    expect(rateIn(row({}).now, 'acceptance')).toBe(null);
    expect(rateIn(row({ sent: 58, accepted: 24 }).now, 'acceptance')).toBe(0.414);
    expect(changeIn(row({ sent: 10, accepted: 5 }).now, row({}).now, 'acceptance')).toBe(null);
    expect(changeIn(row({ started: 8, replied: 2 }).now, row({ started: 4, replied: 2 }).now, 'reply')).toBe(-25);
  });
});

describe('notes', () => {
  test.each([
    [row({}), 'none sent'],
    [row({ sent: 29 }), 'small'],
    [row({ sent: 30 }), null],
    [row({ started: 29 }), 'small'],
    [row({ inmails: 30 }), null],
    [row({ sent: 40 }, { recent: 10 }), null],
    [row({ sent: 40 }, { recent: 11 }), 'young 11/40'],
    [row({ sent: 40 }, { status: 'FINISHED' }), 'ended'],
    [row({ sent: 3 }, { recent: 3, status: 'CANCELED', cut: '2 of 7 days' }), 'small, young 3/3, ended, 2 of 7 days'],
  ])('of %j', (stats, note) => {
    expect(noteOf(stats, 30)).toBe(note);
  });
});

describe('filter', () => {
  const rows = [
    row({ sent: 100, accepted: 14 }, { campaignId: 1 }),
    row({ sent: 100, accepted: 15 }, { campaignId: 2 }),
    row({ sent: 29, accepted: 0 }, { campaignId: 3 }),
    row({ inmails: 80, inmailReplies: 2 }, { campaignId: 4 }),
  ];
  const matchingIds = (filter: Parameters<typeof filterRows>[1], minSample = 30) =>
    filterRows(rows, filter, minSample).matching.map(({ campaignId }) => campaignId);

  test('omits campaigns with no or few invitations', () => {
    expect(matchingIds({ metric: 'acceptance', below: 0.15 })).toEqual([1]);
    expect(matchingIds({ metric: 'acceptance', below: 0.15 }, 1)).toEqual([1, 3]);
    expect(matchingIds({ metric: 'acceptance', above: 0.1, below: 1 })).toEqual([1, 2]);
    expect(matchingIds({ metric: 'inmail_reply', below: 0.15 })).toEqual([4]);
    expect(filterRows(rows, { metric: 'acceptance', below: 0.15 }, 30).tooSmall).toBe(2);
  });
});

test('rows without the sorted value come last, and weeks keep their order', () => {
  const rows = [
    row({ sent: 10 }, { campaignId: 1 }),
    row({ sent: 0 }, { campaignId: 2 }),
    row({ sent: 10, accepted: 5 }, { campaignId: 3 }),
  ];
  expect(sortRows(rows, 'acceptance').map(({ campaignId }) => campaignId)).toEqual([3, 1, 2]);
  expect(sortRows(rows, undefined).map(({ campaignId }) => campaignId)).toEqual([1, 3, 2]);
  const weeks = [row({ sent: 1 }, { week: '2026-02-16' }), row({ sent: 9 }, { week: '2026-02-23' })];
  expect(sortRows(weeks, undefined)).toEqual(weeks);
});
