import { encode } from 'gpt-tokenizer/encoding/o200k_base';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ToolResult } from '../../../support/clients/clients.ts';
import { post } from '../../../support/heyreach/requests.ts';
import { useSandbox } from '../../../support/programs/sandbox-harness.ts';
import { rowsOf } from '../../../support/tools/tables.ts';
import { useToolHarness } from '../../../support/tools/tool-harness.ts';

const DAY = 86_400_000;
const day = (ago: number) => new Date(Date.now() - ago * DAY).toISOString().slice(0, 10);

describe('get_sender_capacity', () => {
  const wire = useToolHarness();

  test('reads senders, running campaigns and 14 days of each sender', async () => {
    const [today, yesterday, before, first] = [day(0), day(1), day(2), day(13)];
    wire.answerWith({
      '/li_account/GetAll': {
        body: {
          totalCount: 2,
          items: [
            { id: 1, firstName: 'Grace', lastName: 'Example', accountLimits: { connectioRequestLimit: 20 } },
            { id: 2, firstName: 'Mei', authIsValid: false, accountLimits: { connectioRequestLimit: 18 } },
          ],
        },
      },
      '/campaign/GetAll': {
        body: {
          totalCount: 1,
          items: [{ id: 7, campaignAccountIds: [1, 2], progressStats: { totalUsersPending: 30 } }],
        },
      },
      '/stats/GetOverallStats': ({ body }) =>
        body.includes('[2]')
          ? { body: { byDayStats: {} } }
          : {
              body: {
                byDayStats: {
                  [`${before}T00:00:00Z`]: { connectionsSent: 20, connectionsAccepted: 9 },
                  [`${yesterday}T00:00:00Z`]: { connectionsSent: 10, connectionsAccepted: 0 },
                  [`${today}T00:00:00Z`]: { connectionsSent: 2, connectionsAccepted: 1 },
                },
              },
            },
    });
    const result = await wire.call('get_sender_capacity');
    const period = { startDate: `${first}T00:00:00Z`, endDate: `${today}T23:59:59.999Z` };
    expect(wire.sent().sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))).toEqual([
      post('/api/public/campaign/GetAll', { offset: 0, limit: 100, statuses: ['IN_PROGRESS'] }),
      post('/api/public/li_account/GetAll', { offset: 0, limit: 100 }),
      post('/api/public/stats/GetOverallStats', { accountIds: [1], campaignIds: [], ...period }),
      post('/api/public/stats/GetOverallStats', { accountIds: [2], campaignIds: [], ...period }),
    ]);
    const { asOf: _, ...rest } = result.structuredContent!;
    expect(rest).toEqual({
      totals: { senders: 2, working: 1, perDay: 20, sentToday: 2, waiting: 30, daysByAllowance: 1.5 },
      columns: [
        'linkedInAccountId',
        'name',
        'state',
        'perDay',
        'sentToday',
        'perActiveDay',
        'sent14d',
        'accepted14d',
        'acceptance',
        'campaigns',
        'waiting',
        'share',
        'daysByAllowance',
        'daysAtPace',
      ],
      rows: [
        [1, 'Grace Example', 'works', 20, 2, 15, 32, 10, 0.313, 1, 30, 30, 1.5, 2],
        [2, 'Mei', 'login invalid', 0, 0, null, 0, 0, null, 1, 30, 0, 0, 0],
      ],
    });
  });

  test('names the unread parts, and reports nothing about them', async () => {
    const accounts = [1, 2].map((id) => ({ id, firstName: `S${id}`, accountLimits: { connectioRequestLimit: 20 } }));
    const denied = { status: 403, body: { errorMessage: 'no' } };
    wire.answerWith({
      '/li_account/GetAll': { body: { totalCount: 2, items: accounts } },
      '/campaign/GetAll': denied,
      '/stats/GetOverallStats': ({ body }) => (body.includes('[2]') ? denied : { body: { byDayStats: {} } }),
    });
    const result = await wire.call('get_sender_capacity', { linkedInAccountIds: [2, 1, 9], addLeads: 5 });
    expect(result.structuredContent).toMatchObject({
      totals: { senders: 2, sentToday: null, waiting: null, daysByAllowance: null },
      incomplete: [
        { part: 'LinkedIn account 9', reason: 'not among the senders read' },
        { part: 'waiting leads of campaigns', reason: 'no' },
        { part: 'statistics of "S2" (LinkedIn account 2)', reason: 'no' },
      ],
    });
    expect(rowsOf(result)).toMatchObject([
      { sentToday: 0, waiting: null, share: null, daysByAllowance: null },
      { sentToday: null, waiting: null },
    ]);
  });

  test('does not treat an unknown allowance as 0', async () => {
    const warningsFor = async (...items: object[]) => {
      wire.answerWith({
        '/li_account/GetAll': { body: { totalCount: items.length, items } },
        '/campaign/GetAll': {
          body: {
            totalCount: 1,
            items: [{ id: 7, campaignAccountIds: [1, 2], progressStats: { totalUsersPending: 30 } }],
          },
        },
        '/stats/GetOverallStats': { body: { byDayStats: {} } },
      });
      return wire.call('get_sender_capacity', { addLeads: 10 });
    };
    const unknown = { id: 1, authIsValid: true, accountLimits: null };
    const broken = { id: 2, authIsValid: false, accountLimits: { connectioRequestLimit: 20 } };
    const result = await warningsFor(unknown, broken);
    expect(result.structuredContent).toMatchObject({
      totals: { working: 1, perDay: null, waiting: null, daysByAllowance: null },
      warnings: ['The allowance of 1 sender is unknown, so the days of invitations are unknown too.'],
    });
    expect(result.structuredContent).not.toHaveProperty('withoutSender');
    expect(rowsOf(result)[0]).toMatchObject({ state: 'works', waiting: 30, share: null, daysByAllowance: null });

    expect((await warningsFor({ ...broken, id: 1 }, broken)).structuredContent).toMatchObject({
      warnings: ['No sender can send invitations now, so added leads would wait.'],
      withoutSender: [{ campaignId: 7, waiting: 30 }],
    });
  });

  test('fails if the senders cannot be read, or if the campaign does not exist', async () => {
    wire.answerWith({ '/li_account/GetAll': { status: 403 } });
    expect((await wire.call('get_sender_capacity')).isError).toBe(true);
    wire.answerWith({
      '/li_account/GetAll': { body: { totalCount: 0, items: [] } },
      '/campaign/GetAll': { body: { totalCount: 0, items: [] } },
      '/campaign/GetById': { status: 404, body: { errorMessage: 'none' } },
    });
    const result = await wire.call('get_sender_capacity', { campaignId: 5 });
    expect(result.structuredContent?.error).toMatchObject({ kind: 'not_found', message: 'none' });
  });
});

describe('get_sender_capacity on the default sandbox', () => {
  const at = useSandbox({ seed: 1, clock: 'manual' }, 'in-process');
  beforeEach(() => void at.sandbox.requests.splice(0));
  afterEach(() => at.sandbox.faults.clear());
  const call = (args: Record<string, unknown> = {}) => at.peer.callTool('get_sender_capacity', args);

  test('distinguishes working senders from others', async () => {
    const result = await call();
    expect(at.sandbox.requests).toHaveLength(8);
    expect(encode(result.content[0]!.text!).length).toBeLessThanOrEqual(250 + 6 * 45);
    const rows = rowsOf(result);
    expect(rows.find((row) => row.linkedInAccountId === 170549)).toMatchObject({ state: 'login invalid', perDay: 0 });
    expect(rows.find((row) => row.linkedInAccountId === 170686)).toMatchObject({
      state: 'invitation cooldown, allowance 0',
      perDay: 0,
    });
    expectActivity(at.sandbox, result);
  });

  test('returns the duration of the queue of a campaign, and warns before leads are added', async () => {
    const before = await call({ campaignId: 600113 });
    expect(before.structuredContent).toMatchObject({
      totals: { senders: 2, working: 1 },
      campaign: { campaignId: 600113, waiting: 60, perDay: 25, daysByAllowance: 2.4 },
    });
    const { structuredContent } = await call({ campaignId: 600113, addLeads: 300 });
    expect(structuredContent).toMatchObject({
      campaign: { daysWithAdded: 14.4 },
      warnings: [
        '14.4 days of invitations, more than 10.',
        expect.stringMatching(/would send 125 invitations in five working days, more than 100\.$/),
      ],
    });
    expect((await call({ campaignId: 600113, addLeads: 10 })).structuredContent?.warnings).toEqual([]);
  });

  test('names the sender whose statistics fail', async () => {
    at.sandbox.faults.add({ match: { path: '/stats/GetOverallStats' }, after: 5, kind: 'status', status: 403 });
    const { structuredContent } = await call();
    expect(structuredContent?.incomplete).toEqual([
      { part: expect.stringMatching(/^statistics of \S.* \(LinkedIn account \d+\)$/), reason: expect.any(String) },
    ]);
  });
});

describe('get_sender_capacity on the large sandbox', () => {
  const at = useSandbox({ seed: 1, size: 'large', clock: 'manual' }, 'in-process');

  test('adds up the queues of all running campaigns', async () => {
    at.sandbox.requests.splice(0);
    const result = await at.peer.callTool('get_sender_capacity', {});
    expect(rowsOf(result).find((row) => row.linkedInAccountId === 170275)).toMatchObject({
      campaigns: 10,
      waiting: 94,
    });
    const running = [...at.sandbox.workspace.campaigns.values()].filter(({ status }) => status === 'IN_PROGRESS');
    expect(at.sandbox.requests).toHaveLength(1 + Math.ceil(running.length / 100) + 6);
    expectActivity(at.sandbox, result);
  });
});

/** Compares the counts of a result with the activity of the sandbox. */
function expectActivity({ workspace }: ReturnType<typeof useSandbox>['sandbox'], result: ToolResult): void {
  const count = (id: unknown, kind: string, since: string) =>
    workspace.activity.filter(
      (event) => event.accountId === id && event.kind === kind && new Date(event.at).toISOString() >= since,
    ).length;
  for (const row of rowsOf(result)) {
    expect(row).toMatchObject({
      sentToday: count(row.linkedInAccountId, 'connectionsSent', day(0)),
      sent14d: count(row.linkedInAccountId, 'connectionsSent', day(13)),
      accepted14d: count(row.linkedInAccountId, 'connectionsAccepted', day(13)),
    });
  }
}
