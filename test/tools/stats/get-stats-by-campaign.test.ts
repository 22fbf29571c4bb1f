import { describe, expect, test } from 'vitest';
import { expectError, expectInvalid } from '../../kit/refusals.ts';
import { post } from '../../kit/requests.ts';
import { exampleMetrics, withoutZeros } from '../../kit/stats-examples.ts';
import { useWire } from '../../kit/wire.ts';

describe('get_stats_by_campaign', () => {
  const wire = useWire();
  const path = '/api/public/stats/GetOverallStatsByCampaign';
  const row = (campaignId: number, changes: object = {}) => ({
    campaignId,
    campaignName: `Campaign ${campaignId}`,
    ...exampleMetrics(changes),
  });

  test('sends ids and dates and answers a row for each campaign', async () => {
    const overallStats = [row(600001), row(600002, { messagesSent: 0, messageReplyRate: 0 })];
    wire.answerWith({ '/stats/GetOverallStatsByCampaign': { body: { byDayStats: {}, overallStats } } });
    const result = await wire.call('get_stats_by_campaign', {
      accountIds: [170001],
      campaignIds: [600001, 600002],
      startDate: '2026-09-01',
      endDate: '2026-09-30',
    });
    const period = { startDate: '2026-09-01T00:00:00Z', endDate: '2026-09-30T23:59:59.999Z' };
    expect(wire.sent()).toEqual([post(path, { accountIds: [170001], campaignIds: [600001, 600002], ...period })]);
    expect(result.structuredContent).toEqual({ ...period, returned: 2, rows: overallStats });
  });

  test('sends both id arrays and both dates when nothing is given', async () => {
    wire.answerWith({ '/stats/GetOverallStatsByCampaign': { body: { byDayStats: null, overallStats: null } } });
    const { structuredContent } = await wire.call('get_stats_by_campaign');
    const { startDate, endDate } = structuredContent as { startDate: string; endDate: string };
    expect(wire.sent()).toEqual([post(path, { accountIds: [], campaignIds: [], startDate, endDate })]);
    expect(Date.parse(endDate) - Date.parse(startDate)).toBe(30 * 86_400_000);
    expect(structuredContent).toEqual({ startDate, endDate, returned: 0, rows: [] });
  });

  test('byDay answers a row per day and campaign, oldest first', async () => {
    const byDayStats = { '2026-09-17T00:00:00Z': [row(600001), row(600002)], '2026-09-16T00:00:00Z': [row(600002)] };
    wire.answerWith({ '/stats/GetOverallStatsByCampaign': { body: { byDayStats, overallStats: [] } } });
    const rows = [
      { day: '2026-09-16', ...row(600002) },
      { day: '2026-09-17', ...row(600001) },
      { day: '2026-09-17', ...row(600002) },
    ];
    const full = await wire.call('get_stats_by_campaign', { byDay: true, detail: 'full' });
    expect(full.structuredContent?.rows).toEqual(rows);
    const compact = await wire.call('get_stats_by_campaign', { byDay: true });
    expect(compact.structuredContent?.rows).toEqual(rows.map(withoutZeros));
  });

  test.each([
    ['given dates', { startDate: '2026-09-01', endDate: '2026-09-30', accountIds: [170001] }],
    ['the last 30 days', {}],
  ])('when the rows do not fit, nextCursor goes on exactly, over the same period (%s)', async (_, args) => {
    const overallStats = Array.from({ length: 250 }, (_, index) => row(600000 + index));
    wire.answerWith({ '/stats/GetOverallStatsByCampaign': { body: { overallStats } } });
    const campaigns: number[] = [];
    let cursor: string | undefined;
    for (let calls = 0; calls < 6; calls += 1) {
      const result = await wire.call('get_stats_by_campaign', { ...args, cursor });
      expect(result.isError, result.content[0]?.text.slice(0, 300)).toBeFalsy();
      expect(Buffer.byteLength(result.content[0]!.text)).toBeLessThanOrEqual(48_000);
      const answer = result.structuredContent as { rows: { campaignId: number }[]; nextCursor?: string };
      campaigns.push(...answer.rows.map(({ campaignId }) => campaignId));
      cursor = answer.nextCursor;
      if (cursor === undefined) break;
    }
    expect(campaigns).toEqual(overallStats.map(({ campaignId }) => campaignId));
    const bodies = wire.sent().map(({ body }) => body);
    expect(bodies.length).toBeGreaterThan(1);
    expect(bodies).toEqual(bodies.map(() => bodies[0]));
  });

  test('a refusal is passed on word for word', async () => {
    const errorMessage = 'The date range is too long.';
    wire.answerWith({ '/stats/GetOverallStatsByCampaign': { status: 400, body: { errorMessage } } });
    expectError(await wire.call('get_stats_by_campaign'), {
      kind: 'bad_request',
      status: 400,
      message: errorMessage,
      nextStep: 'Correct what the sentence names and call again.',
      outcome: 'refused',
    });
  });

  test('a cursor of other arguments, or of somebody else, is refused', async () => {
    const overallStats = Array.from({ length: 250 }, (_, index) => row(600000 + index));
    wire.answerWith({ '/stats/GetOverallStatsByCampaign': { body: { overallStats } } });
    const { structuredContent } = await wire.call('get_stats_by_campaign');
    const cursor = structuredContent?.nextCursor;
    wire.stub.requests.length = 0;
    const other = await wire.call('get_stats_by_campaign', { cursor, accountIds: [170001] });
    expectInvalid(other, 'cursor belongs to other arguments; repeat those of the call that returned it');
    expectInvalid(await wire.call('get_stats_by_campaign', { cursor: 'page-2' }), 'pass nextCursor on unchanged');
    const turned = { startDate: '2026-09-02', endDate: '2026-09-01' };
    expectInvalid(await wire.call('get_stats_by_campaign', turned), 'startDate must not be later than endDate');
    expect(wire.sent()).toEqual([]);
  });
});
