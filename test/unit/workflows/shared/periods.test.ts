import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  addDays,
  countDays,
  daysOf,
  PERIODS,
  periodBefore,
  toRange,
  weeksOf,
} from '../../../../src/workflows/shared/periods.ts';

/** A Sunday, so that the week began six days earlier. */
const SUNDAY = Date.parse('2026-03-01T22:30:00Z');

describe('periods of whole UTC days', () => {
  test.each([
    ['yesterday', '2026-02-28', '2026-02-28'],
    ['last_7_days', '2026-02-23', '2026-03-01'],
    ['last_30_days', '2026-01-31', '2026-03-01'],
    ['this_week', '2026-02-23', '2026-03-01'],
    ['last_week', '2026-02-16', '2026-02-22'],
    ['this_month', '2026-03-01', '2026-03-01'],
    ['last_month', '2026-02-01', '2026-02-28'],
  ] as const)('%s', (name, first, last) => {
    expect(daysOf(name, SUNDAY)).toEqual({ first, last });
  });

  test('the period before has the same number of days and ends the day before', () => {
    expect(periodBefore({ first: '2026-02-01', last: '2026-02-28' })).toEqual({
      first: '2026-01-04',
      last: '2026-01-31',
    });
    const moment = fc.integer({ min: Date.parse('2024-01-01'), max: Date.parse('2028-12-31') });
    fc.assert(
      fc.property(fc.constantFrom(...PERIODS), moment, (name, now) => {
        const days = daysOf(name, now);
        const before = periodBefore(days);
        expect(countDays(before)).toBe(countDays(days));
        expect(addDays(before.last, 1)).toBe(days.first);
        expect(days.last <= new Date(now).toISOString()).toBe(true);
      }),
    );
  });

  test('weeks begin on Monday, and are cut at the ends of the period', () => {
    expect(weeksOf({ first: '2026-02-11', last: '2026-02-24' })).toEqual([
      { first: '2026-02-11', last: '2026-02-15' },
      { first: '2026-02-16', last: '2026-02-22' },
      { first: '2026-02-23', last: '2026-02-24' },
    ]);
    expect(weeksOf({ first: '2026-03-01', last: '2026-03-01' })).toEqual([{ first: '2026-03-01', last: '2026-03-01' }]);
  });

  test('requests to HeyReach contain whole days', () => {
    expect(toRange({ first: '2026-02-01', last: '2026-02-28' })).toEqual({
      startDate: '2026-02-01T00:00:00Z',
      endDate: '2026-02-28T23:59:59.999Z',
    });
  });
});
