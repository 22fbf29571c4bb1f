import { describe, expect, test } from 'vitest';
import { exampleMetrics, withoutZeros } from '../../../support/fixtures/stats.ts';
import { post } from '../../../support/heyreach/requests.ts';
import { expectInvalid } from '../../../support/tools/expect-errors.ts';
import { useToolHarness } from '../../../support/tools/tool-harness.ts';

describe('get_stats_by_campaign', () => {
  const wire = useToolHarness();
  const path = '/api/public/stats/GetOverallStatsByCampaign';
  const row = (campaignId: number, changes: object = {}) => ({
    campaignId,
    campaignName: `Campaign ${campaignId}`,
    ...exampleMetrics(changes),
  });

  test('sends ids and dates and returns a row for each campaign', async () => {
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
    const rows = overallStats.map((stats) => ({ ...stats, inMailReplyRate: null }));
    expect(result.structuredContent).toEqual({ ...period, returned: 2, rows });
  });

  test('a campaign without sent invitations has no acceptance rate, so that it is not ranked as the worst', async () => {
    const inMail = { connectionsSent: 0, connectionsAccepted: 0, connectionAcceptanceRate: 0 };
    const overallStats = [row(600001, inMail), row(600002)];
    wire.answerWith({ '/stats/GetOverallStatsByCampaign': { body: { byDayStats: {}, overallStats } } });
    for (const detail of ['compact', 'full']) {
      const { structuredContent } = await wire.call('get_stats_by_campaign', { detail });
      const rows = structuredContent?.rows as { connectionAcceptanceRate: number | null }[];
      expect(rows.map(({ connectionAcceptanceRate }) => connectionAcceptanceRate)).toEqual([null, 0.31]);
    }
  });

  test('sends both id arrays and both dates by default', async () => {
    wire.answerWith({ '/stats/GetOverallStatsByCampaign': { body: { byDayStats: null, overallStats: null } } });
    const { structuredContent } = await wire.call('get_stats_by_campaign');
    const { startDate, endDate } = structuredContent as { startDate: string; endDate: string };
    expect(wire.sent()).toEqual([post(path, { accountIds: [], campaignIds: [], startDate, endDate })]);
    expect(Date.parse(endDate) - Date.parse(startDate)).toBe(30 * 86_400_000);
    expect(structuredContent).toEqual({ startDate, endDate, returned: 0, rows: [] });
  });

  test('byDay returns a row per day and campaign, oldest first', async () => {
    const byDayStats = { '2026-09-17T00:00:00Z': [row(600001), row(600002)], '2026-09-16T00:00:00Z': [row(600002)] };
    wire.answerWith({ '/stats/GetOverallStatsByCampaign': { body: { byDayStats, overallStats: [] } } });
    const rows = [
      { day: '2026-09-16', ...row(600002) },
      { day: '2026-09-17', ...row(600001) },
      { day: '2026-09-17', ...row(600002) },
    ];
    const full = await wire.call('get_stats_by_campaign', { byDay: true, detail: 'full' });
    expect(full.structuredContent?.rows).toEqual(rows.map((stats) => ({ ...stats, inMailReplyRate: null })));
    const compact = await wire.call('get_stats_by_campaign', { byDay: true });
    expect(compact.structuredContent?.rows).toEqual(rows.map(withoutZeros));
  });

  test.each([
    ['given dates', { startDate: '2026-09-01', endDate: '2026-09-30', accountIds: [170001] }],
    ['the last 30 days', {}],
  ])('when the rows do not fit, nextCursor continues exactly, over the same period (%s)', async (_, args) => {
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

  test('rejects a cursor of other arguments and a cursor of another tool', async () => {
    const overallStats = Array.from({ length: 250 }, (_, index) => row(600000 + index));
    wire.answerWith({ '/stats/GetOverallStatsByCampaign': { body: { overallStats } } });
    const { structuredContent } = await wire.call('get_stats_by_campaign');
    const cursor = structuredContent?.nextCursor;
    wire.stub.requests.length = 0;
    const other = await wire.call('get_stats_by_campaign', { cursor, accountIds: [170001] });
    expectInvalid(other, 'cursor belongs to other arguments; repeat those of the call that returned it');
    expectInvalid(await wire.call('get_stats_by_campaign', { cursor: 'page-2' }), 'pass nextCursor unchanged');
    const turned = { startDate: '2026-09-02', endDate: '2026-09-01' };
    expectInvalid(await wire.call('get_stats_by_campaign', turned), 'startDate must not be later than endDate');
    expect(wire.sent()).toEqual([]);
  });
});
