import * as z from 'zod';
import { lazy } from '../../../lib/lazy.ts';
import { checkRange } from '../../../mcp/arguments/date-range.ts';
import { date, detail, ids, offFlag } from '../../../mcp/arguments/fields.ts';
import { type Period, periodOf } from '../../../views/stats.ts';

export const statsFields = lazy(() => ({
  accountIds: ids('Only these senders; empty: all').default([]),
  campaignIds: ids('Only these campaigns; empty: all').default([]),
  startDate: date('First day; default 30 days before endDate').optional(),
  endDate: date('Last day; default now').optional(),
  byDay: offFlag('Add a row per day; compact rows omit zeros'),
  ...detail(),
}));

export const periodOutput = lazy(() => ({
  startDate: z.string().describe('the requested period'),
  endDate: z.string(),
}));

/** Rejects a period that ends before it begins, or begins in the future. */
export function checkPeriod(period: Period): string | undefined {
  return checkRange(periodOf(period));
}
