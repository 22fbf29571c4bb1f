import { describe, expect, test } from 'vitest';
import { post } from '../../../support/heyreach/requests.ts';
import { useSandbox } from '../../../support/programs/sandbox-harness.ts';
import { expectInvalid } from '../../../support/tools/expect-errors.ts';
import { rowsOf } from '../../../support/tools/tables.ts';
import { useToolHarness } from '../../../support/tools/tool-harness.ts';

describe('get_performance', () => {
  const wire = useToolHarness();
  const period = { startDate: '2026-02-01T00:00:00Z', endDate: '2026-02-28T23:59:59.999Z' };
  const before = { startDate: '2026-01-04T00:00:00Z', endDate: '2026-01-31T23:59:59.999Z' };
  const dates = { startDate: '2026-02-01', endDate: '2026-02-28' };
  const campaign = { campaignId: 1, campaignName: 'One', connectionsSent: 58, connectionsAccepted: 24 };

  test('takes two requests for the numbers by campaign, one for the states and one for the senders of a filter', async () => {
    wire.answerWith({
      '/stats/GetOverallStatsByCampaign': ({ body }) =>
        body.includes('2026-02-01')
          ? { body: { overallStats: [{ ...campaign, totalMessageStarted: 20, totalMessageReplies: 5 }] } }
          : { body: { overallStats: [{ ...campaign, connectionsSent: 100 }] } },
      '/campaign/GetAll': {
        body: { totalCount: 1, items: [{ id: 1, status: 'PAUSED', progressStats: { totalUsersFailed: 3 } }] },
      },
    });
    const result = await wire.call('get_performance', { ...dates, linkedInAccountIds: [7], campaignIds: [1] });
    const filter = { accountIds: [7], campaignIds: [1] };
    expect(wire.sent().sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))).toEqual([
      post('/api/public/campaign/GetAll', { offset: 0, limit: 100 }),
      post('/api/public/li_account/GetAll', { offset: 0, limit: 100 }),
      post('/api/public/stats/GetOverallStatsByCampaign', { ...filter, ...before }),
      post('/api/public/stats/GetOverallStatsByCampaign', { ...filter, ...period }),
    ]);
    expect(result.structuredContent).toMatchObject({
      period: { ...dates, days: 28 },
      before: { startDate: '2026-01-04', endDate: '2026-01-31' },
      totals: { sent: 58, accepted: 24, acceptance: 0.414, acceptanceBefore: 0.24 },
      totalRows: 1,
    });
    expect(rowsOf(result)).toEqual([
      {
        campaignId: 1,
        name: 'One',
        status: 'PAUSED',
        acceptance: [24, 58, 0.414, 0.24, 17],
        reply: [5, 20, 0.25],
        interested: 0,
        failed: 3,
      },
    ]);
  });

  test('takes one request by week, and marks partial weeks', async () => {
    const byDayStats = {
      '2026-02-15T00:00:00Z': { connectionsSent: 1 },
      '2026-02-16T00:00:00Z': { connectionsSent: 40, connectionsAccepted: 10 },
      '2026-02-22T00:00:00Z': { connectionsSent: 10, connectionsAccepted: 10 },
      '2026-02-23T00:00:00Z': { connectionsSent: 50, connectionsAccepted: 10 },
    };
    wire.answerWith({ '/stats/GetOverallStats': { body: { byDayStats } } });
    const args = { by: 'week', startDate: '2026-02-14', endDate: '2026-03-01' };
    const result = await wire.call('get_performance', args);
    expect(wire.sent()).toHaveLength(1);
    expect(rowsOf(result)).toMatchObject([
      { week: '2026-02-14', acceptance: [0, 1, 0], note: 'small, 2 of 7 days' },
      { week: '2026-02-16', acceptance: [20, 50, 0.4], note: null },
      { week: '2026-02-23', acceptance: [10, 50, 0.2, 0.4, -20], note: null },
    ]);
    expect(result.structuredContent).toMatchObject({ totals: { sent: 101, accepted: 30 } });
  });

  test.each([{}, null, undefined])(
    'by week: an answer with byDayStats %j is unreadable, not empty',
    async (byDayStats) => {
      wire.answerWith({ '/stats/GetOverallStats': { body: { overallStats: {}, byDayStats } } });
      const result = await wire.call('get_performance', { ...dates, by: 'week' });
      expect(result.structuredContent?.error).toMatchObject({
        kind: 'unreadable_answer',
        message: expect.stringContaining('byDayStats'),
      });
    },
  );

  test('names states that HeyReach did not list, by campaign', async () => {
    wire.answerWith({
      '/stats/GetOverallStatsByCampaign': { body: { overallStats: [campaign] } },
      '/campaign/GetAll': { body: {} },
    });
    const result = await wire.call('get_performance', dates);
    expect(result.structuredContent?.incomplete).toEqual([
      { part: 'status and failed leads of 1 campaign', reason: 'HeyReach did not list all campaigns' },
    ]);
  });

  test('names what is missing: the period before, states, cohorts', async () => {
    const denied = { status: 403, body: { errorMessage: 'no' } };
    wire.answerWith({
      '/stats/GetOverallStatsByCampaign': ({ body }) =>
        body.includes('2026-02-01') ? { body: { overallStats: [campaign] } } : denied,
      '/campaign/GetAll': denied,
      '/campaign/GetLeadsFromCampaign': denied,
    });
    const result = await wire.call('get_performance', { ...dates, cohortDays: 7 });
    expect(rowsOf(result)).toEqual([{ campaignId: 1, name: 'One', acceptance: [24, 58, 0.414], interested: 0 }]);
    expect(result.structuredContent?.incomplete).toEqual([
      { part: 'period before', reason: 'no' },
      { part: 'status and failed leads of campaigns', reason: 'no' },
      { part: 'cohort of campaign 1', reason: 'no' },
    ]);
  });

  const statsOf = (campaignId: number, accepted: number, sent: number) => ({
    ...{ campaignId, campaignName: `C${campaignId}`, connectionsSent: sent, connectionsAccepted: accepted },
    ...{ totalMessageStarted: sent, totalMessageReplies: accepted },
  });

  test.each(['campaign', 'campaign_and_sender'])(
    'by %s: the totals of the period before include campaigns that are no longer active',
    async (by) => {
      const senders = by === 'campaign' ? 1 : 2;
      wire.answerWith({
        '/stats/GetOverallStatsByCampaign': ({ body }) => ({
          body: {
            overallStats: body.includes('2026-02-01')
              ? [statsOf(2, 25, 50)]
              : [statsOf(1, 10, 100), statsOf(2, 25, 50)],
          },
        }),
        '/li_account/GetAll': { body: { totalCount: 2, items: [{ id: 7 }, { id: 8 }] } },
        '/campaign/GetAll': { body: { totalCount: 0, items: [] } },
      });
      const { structuredContent } = await wire.call('get_performance', { ...dates, by });
      expect(structuredContent).toMatchObject({
        totalRows: senders,
        totals: { sent: 50 * senders, acceptance: 0.5, acceptanceBefore: 0.233, reply: 0.5, replyBefore: 0.233 },
      });
    },
  );

  test('has no totals of the period before, by campaign and sender, if a sender has none', async () => {
    wire.answerWith({
      '/stats/GetOverallStatsByCampaign': ({ body }) =>
        body.includes('2026-02-01') || body.includes('[7]')
          ? { body: { overallStats: [campaign] } }
          : { status: 403, body: { errorMessage: 'no' } },
      '/li_account/GetAll': { body: { totalCount: 2, items: [{ id: 7 }, { id: 8 }] } },
    });
    const { structuredContent } = await wire.call('get_performance', { ...dates, by: 'campaign_and_sender' });
    expect(structuredContent).toMatchObject({
      totals: { sent: 116, acceptanceBefore: null },
      incomplete: [{ part: expect.stringContaining('period before of'), reason: 'no' }],
    });
  });

  test.each([
    ['week', { overallStats: { connectionsSent: 50 }, byDayStats: null }, 'byDayStats'],
    ['campaign', {}, 'overallStats'],
    ['sender', {}, 'overallStats'],
    ['campaign_and_sender', {}, 'overallStats'],
  ])('by %s: an answer without numbers is unreadable, not 0', async (by, body, field) => {
    wire.answerWith({
      '/stats/GetOverallStats': { body },
      '/stats/GetOverallStatsByCampaign': { body },
      '/li_account/GetAll': { body: { totalCount: 1, items: [{ id: 7 }] } },
      '/campaign/GetAll': { body: { totalCount: 0, items: [] } },
    });
    const result = await wire.call('get_performance', { ...dates, by });
    expect(result.isError).toBe(true);
    const message = expect.stringContaining(`it has no ${field}`);
    expect(result.structuredContent?.error).toMatchObject({ kind: 'unreadable_answer', message });
  });

  test.each(['campaign', 'sender'])('by %s: names a period before without numbers', async (by) => {
    const answer = (now: unknown) => (request: { body: string }) => ({
      body: request.body.includes('2026-02-01') ? { overallStats: now } : {},
    });
    wire.answerWith({
      '/stats/GetOverallStats': answer(campaign),
      '/stats/GetOverallStatsByCampaign': answer([campaign]),
      '/li_account/GetAll': { body: { totalCount: 1, items: [{ id: 7 }] } },
      '/campaign/GetAll': { body: { totalCount: 0, items: [] } },
    });
    const { structuredContent } = await wire.call('get_performance', { ...dates, by });
    expect(structuredContent).toMatchObject({
      totals: { sent: 58, acceptanceBefore: null },
      incomplete: [
        { part: expect.stringContaining('period before'), reason: expect.stringContaining('it has no overallStats') },
      ],
    });
  });

  test.each([10, 11])('a table of %i rows has rates of small samples only up to 10 rows', async (count) => {
    const small = { connectionsSent: 4, connectionsAccepted: 2 };
    const overallStats = [
      campaign,
      ...Array.from({ length: count - 1 }, (_, index) => ({ campaignId: index + 2, ...small })),
    ];
    wire.answerWith({
      '/stats/GetOverallStatsByCampaign': { body: { overallStats } },
      '/campaign/GetAll': { body: { totalCount: 1, items: [{ id: 2, status: 'FINISHED' }] } },
    });
    const result = await wire.call('get_performance', dates);
    const [large, ended] = rowsOf(result);
    expect(large).toMatchObject({ acceptance: [24, 58, 0.414, 0.414, 0] });
    expect(ended).toMatchObject(
      count === 10
        ? { status: 'FINISHED', acceptance: [2, 4, 0.5, 0.5, 0], note: 'small, ended' }
        : { status: 'FINISHED', acceptance: [2, 4] },
    );
    const { howCounted } = result.structuredContent as { howCounted: string };
    expect(howCounted.includes('Beyond 10 rows, samples under 30 have no rate.')).toBe(count > 10);
  });

  test('pages after 40 rows, over the days of the first page', async () => {
    const overallStats = Array.from({ length: 95 }, (_, index) => ({ campaignId: index + 1, connectionsSent: 100 }));
    wire.answerWith({
      '/stats/GetOverallStatsByCampaign': { body: { overallStats } },
      '/campaign/GetAll': { body: { totalCount: 0, items: [] } },
    });
    const ids: unknown[] = [];
    let cursor: unknown;
    for (let page = 0; page < 3; page += 1) {
      const result = await wire.call('get_performance', { ...(cursor === undefined ? {} : { cursor }) });
      ids.push(...rowsOf(result).map(({ campaignId }) => campaignId));
      cursor = result.structuredContent?.nextCursor;
      expect(result.structuredContent).toMatchObject({ totalRows: 95, totals: { sent: 9_500 } });
    }
    expect(cursor).toBeUndefined();
    expect(ids).toEqual(overallStats.map(({ campaignId }) => campaignId));
  });

  test.each([
    [{ period: 'last_week', startDate: '2026-02-01' }, 'period excludes startDate and endDate'],
    [{ below: 2 }, 'below must be at most 1'],
    [{ cohortDays: 7, by: 'sender' }, 'cohortDays needs by=campaign'],
    [{ startDate: '2026-02-02', endDate: '2026-02-01' }, 'startDate must not be later than endDate'],
    [{ startDate: '2020-02-02', endDate: '2026-02-01' }, 'a period has at most 366 days'],
    [{ cursor: 'abc' }, 'cursor was not returned by this tool'],
  ])('rejects %j', async (args, message) => {
    expectInvalid(await wire.call('get_performance', args), message);
    expect(wire.sent()).toEqual([]);
  });
});

describe('get_performance by week', () => {
  const at = useSandbox({ seed: 1 }, 'in-process');

  test('has no rate of the period before, which it does not read', async () => {
    const { structuredContent } = await at.peer.callTool('get_performance', { by: 'week' });
    const names = Object.keys(structuredContent?.totals as object);
    expect(names).toContain('acceptance');
    expect(names.filter((name) => name.endsWith('Before'))).toEqual([]);
  });
});
