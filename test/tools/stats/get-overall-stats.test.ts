import { describe, expect, test } from 'vitest';
import { expectError, expectInvalid } from '../../kit/refusals.ts';
import { post } from '../../kit/requests.ts';
import { dayKeys, exampleMetrics, withoutZeros } from '../../kit/stats-examples.ts';
import { useWire } from '../../kit/wire.ts';

describe('get_overall_stats', () => {
  const wire = useWire();
  const path = '/api/public/stats/GetOverallStats';
  const overallStats = exampleMetrics();

  test('sends ids and dates, the end of the last day included', async () => {
    wire.answerWith({ '/stats/GetOverallStats': { body: { byDayStats: {}, overallStats } } });
    const result = await wire.call('get_overall_stats', {
      accountIds: [170001],
      campaignIds: [600001, 600002],
      startDate: '2026-09-01T00:00:00+02:00',
      endDate: '2026-09-30',
    });
    const period = { startDate: '2026-09-01T00:00:00+02:00', endDate: '2026-09-30T23:59:59.999Z' };
    expect(wire.sent()).toEqual([post(path, { accountIds: [170001], campaignIds: [600001, 600002], ...period })]);
    expect(result.structuredContent).toEqual({ ...period, overall: overallStats });
  });

  test('sends both id arrays and the last 30 days when nothing is given, and says which days', async () => {
    wire.answerWith({ '/stats/GetOverallStats': { body: { byDayStats: {}, overallStats } } });
    const before = Date.now();
    const { structuredContent } = await wire.call('get_overall_stats');
    const { startDate, endDate } = structuredContent as { startDate: string; endDate: string };
    expect(wire.sent()).toEqual([post(path, { accountIds: [], campaignIds: [], startDate, endDate })]);
    expect(Date.parse(endDate)).toBeGreaterThanOrEqual(before);
    expect(Date.parse(endDate)).toBeLessThanOrEqual(Date.now());
    expect(Date.parse(endDate) - Date.parse(startDate)).toBe(30 * 86_400_000);
  });

  test('only an end gives the 30 days before it', async () => {
    wire.answerWith({ '/stats/GetOverallStats': { body: { overallStats } } });
    const { structuredContent } = await wire.call('get_overall_stats', { endDate: '2026-07-31T12:00:00Z' });
    expect(structuredContent).toMatchObject({
      startDate: '2026-07-01T12:00:00.000Z',
      endDate: '2026-07-31T12:00:00Z',
    });
  });

  test('days come oldest first, and only when asked for', async () => {
    const byDayStats = { '2026-09-17T00:00:00Z': overallStats, '2026-09-16T00:00:00Z': exampleMetrics({ follows: 1 }) };
    wire.answerWith({ '/stats/GetOverallStats': { body: { byDayStats, overallStats } } });
    const days = [
      { day: '2026-09-16', ...exampleMetrics({ follows: 1 }) },
      { day: '2026-09-17', ...exampleMetrics() },
    ];
    const full = await wire.call('get_overall_stats', { byDay: true, detail: 'full' });
    expect(full.structuredContent?.byDay).toEqual(days);
    const compact = await wire.call('get_overall_stats', { byDay: true });
    expect(compact.structuredContent?.byDay).toEqual(days.map(withoutZeros));
    expect(compact.structuredContent?.overall).toEqual(overallStats);
  });

  test('when the days do not fit, nextStartDate goes on exactly', async () => {
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

  test('a refusal is passed on word for word', async () => {
    const errors = { AccountIds: ['The AccountIds field is required.'] };
    wire.answerWith({ '/stats/GetOverallStats': { status: 400, body: { title: 'One or more', errors } } });
    expectError(await wire.call('get_overall_stats'), {
      kind: 'bad_request',
      status: 400,
      message: 'The AccountIds field is required.',
      nextStep: 'Correct what the sentence names and call again.',
      outcome: 'refused',
    });
  });

  test.each([
    [{ startDate: '2026-09-02', endDate: '2026-09-01' }, 'startDate must not be later than endDate'],
    [{ startDate: '2026-02-30' }, 'startDate must be a UTC day (2026-06-01)'],
    [{ endDate: '2026-09-01T09:00:00' }, 'endDate must be a UTC day (2026-06-01) or a time with offset'],
  ])('refuses %j', async (args, said) => {
    expectInvalid(await wire.call('get_overall_stats', args), said);
    expect(wire.sent()).toEqual([]);
  });
});
