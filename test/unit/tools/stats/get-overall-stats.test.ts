import { describe, expect, test } from 'vitest';
import { dayKeys, exampleMetrics, withoutZeros } from '../../../support/fixtures/stats.ts';
import { post } from '../../../support/heyreach/requests.ts';
import { expectInvalid } from '../../../support/tools/expect-errors.ts';
import { useToolHarness } from '../../../support/tools/tool-harness.ts';

const RATES = [
  ['connectionAcceptanceRate', 'connectionsSent'],
  ['messageReplyRate', 'totalMessageStarted'],
  ['inMailReplyRate', 'totalInmailStarted'],
  ['autoTaggedInterestedRate', 'totalAutoTagged'],
] as const;
/** The example, in which no InMail was sent. */
const known = (metrics: object) => ({ ...metrics, inMailReplyRate: null });

describe('get_overall_stats', () => {
  const wire = useToolHarness();
  const path = '/api/public/stats/GetOverallStats';
  const overallStats = exampleMetrics();

  test('sends ids and dates, including the whole last day', async () => {
    wire.answerWith({ '/stats/GetOverallStats': { body: { byDayStats: {}, overallStats } } });
    const result = await wire.call('get_overall_stats', {
      accountIds: [170001],
      campaignIds: [600001, 600002],
      startDate: '2026-09-01T00:00:00+02:00',
      endDate: '2026-09-30',
    });
    const period = { startDate: '2026-09-01T00:00:00+02:00', endDate: '2026-09-30T23:59:59.999Z' };
    expect(wire.sent()).toEqual([post(path, { accountIds: [170001], campaignIds: [600001, 600002], ...period })]);
    expect(result.structuredContent).toEqual({ ...period, overall: known(overallStats) });
  });

  test('sends both id arrays and the last 30 days by default, and returns the period', async () => {
    wire.answerWith({ '/stats/GetOverallStats': { body: { byDayStats: {}, overallStats } } });
    const before = Date.now();
    const { structuredContent } = await wire.call('get_overall_stats');
    const { startDate, endDate } = structuredContent as { startDate: string; endDate: string };
    expect(wire.sent()).toEqual([post(path, { accountIds: [], campaignIds: [], startDate, endDate })]);
    expect(Date.parse(endDate)).toBeGreaterThanOrEqual(before);
    expect(Date.parse(endDate)).toBeLessThanOrEqual(Date.now());
    expect(Date.parse(endDate) - Date.parse(startDate)).toBe(30 * 86_400_000);
  });

  test('endDate alone means the 30 days before it', async () => {
    wire.answerWith({ '/stats/GetOverallStats': { body: { overallStats } } });
    const { structuredContent } = await wire.call('get_overall_stats', { endDate: '2026-07-31T12:00:00Z' });
    expect(structuredContent).toMatchObject({
      startDate: '2026-07-01T12:00:00.000Z',
      endDate: '2026-07-31T12:00:00Z',
    });
  });

  test('byDay adds days, oldest first', async () => {
    const byDayStats = { '2026-09-17T00:00:00Z': overallStats, '2026-09-16T00:00:00Z': exampleMetrics({ follows: 1 }) };
    wire.answerWith({ '/stats/GetOverallStats': { body: { byDayStats, overallStats } } });
    const days = [
      { day: '2026-09-16', ...exampleMetrics({ follows: 1 }) },
      { day: '2026-09-17', ...exampleMetrics() },
    ];
    const full = await wire.call('get_overall_stats', { byDay: true, detail: 'full' });
    expect(full.structuredContent?.byDay).toEqual(days.map(known));
    const compact = await wire.call('get_overall_stats', { byDay: true });
    expect(compact.structuredContent?.byDay).toEqual(days.map(withoutZeros));
    expect(compact.structuredContent?.overall).toEqual(known(overallStats));
  });

  test.each(RATES)('%s is null where %s is 0, compact and full', async (rate, denominator) => {
    const nothing = exampleMetrics({ [denominator]: 0, [rate]: 0 });
    const byDayStats = { '2026-09-16T00:00:00Z': nothing };
    wire.answerWith({ '/stats/GetOverallStats': { body: { byDayStats, overallStats: nothing } } });
    for (const detail of ['compact', 'full']) {
      const { structuredContent } = await wire.call('get_overall_stats', { byDay: true, detail });
      const { overall, byDay } = structuredContent as { overall: Record<string, unknown>; byDay: object[] };
      expect(overall[rate]).toBeNull();
      // Compact days omit unknown values and zeros.
      if (detail === 'full') expect(byDay[0]).toMatchObject({ [rate]: null });
      else expect(byDay[0]).not.toHaveProperty(rate);
    }
  });

  test.each(RATES)('%s of 0 stays 0 where %s is more than 0', async (rate, denominator) => {
    const overallStats = exampleMetrics({ [denominator]: 3, [rate]: 0 });
    wire.answerWith({ '/stats/GetOverallStats': { body: { overallStats } } });
    const { structuredContent } = await wire.call('get_overall_stats');
    expect(structuredContent?.overall).toMatchObject({ [rate]: 0, [denominator]: 3 });
  });

  test('a rate that HeyReach omits is omitted', async () => {
    wire.answerWith({ '/stats/GetOverallStats': { body: { overallStats: { connectionsSent: 0, follows: null } } } });
    const { structuredContent } = await wire.call('get_overall_stats');
    expect(structuredContent?.overall).toEqual({ connectionsSent: 0 });
  });

  test('when the days do not fit, nextStartDate continues exactly', async () => {
    const keys = dayKeys(200);
    wire.answerWith({
      '/stats/GetOverallStats': ({ body }) => {
        const { startDate } = JSON.parse(body) as { startDate: string };
        const days = keys.filter((key) => key >= startDate).map((key) => [key, overallStats]);
        return { body: { byDayStats: Object.fromEntries(days), overallStats } };
      },
    });
    const days: string[] = [];
    let startDate: string | undefined = '2026-01-01';
    for (let calls = 0; startDate !== undefined && calls < 5; calls += 1) {
      const result = await wire.call('get_overall_stats', { startDate, endDate: '2026-07-19', byDay: true });
      expect(Buffer.byteLength(result.content[0]!.text)).toBeLessThanOrEqual(48_000);
      const answer = result.structuredContent as { byDay: { day: string }[]; nextStartDate?: string };
      days.push(...answer.byDay.map(({ day }) => day));
      startDate = answer.nextStartDate;
    }
    expect(days).toEqual(keys.map((key) => key.slice(0, 10)).reverse());
    expect(wire.sent().length).toBeGreaterThan(1);
  });

  test.each([[{ startDate: '2026-09-02', endDate: '2026-09-01' }, 'startDate must not be later than endDate']])(
    'rejects %j',
    async (args, message) => {
      expectInvalid(await wire.call('get_overall_stats', args), message);
      expect(wire.sent()).toEqual([]);
    },
  );
});
