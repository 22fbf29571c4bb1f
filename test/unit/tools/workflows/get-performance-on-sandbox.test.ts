import { encode } from 'gpt-tokenizer/encoding/o200k_base';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { useSandbox } from '../../../support/programs/sandbox-harness.ts';
import { rowsOf } from '../../../support/tools/tables.ts';

/** A rate has three digits, so the difference can be exactly half of the last digit. */
const aboutOf = (rate: number) => expect.closeTo(rate, 2.99);

const DAY = 86_400_000;
const day = (ago: number) => new Date(Date.now() - ago * DAY).toISOString().slice(0, 10);

describe.each(['default', 'large'] as const)('get_performance on the %s sandbox', (size) => {
  const at = useSandbox({ seed: 1, size, clock: 'manual' }, 'in-process');
  beforeEach(() => void at.sandbox.requests.splice(0));
  afterEach(() => at.sandbox.faults.clear());
  const call = (args: Record<string, unknown>) => at.peer.callTool('get_performance', args);
  const count = (kind: string, rule: { campaignId?: unknown; accountId?: unknown; from: number; to: number }) =>
    at.sandbox.workspace.activity.filter(
      (event) =>
        event.kind === kind &&
        (rule.campaignId === undefined || event.campaignId === rule.campaignId) &&
        (rule.accountId === undefined || event.accountId === rule.accountId) &&
        new Date(event.at).toISOString().slice(0, 10) >= day(rule.from) &&
        new Date(event.at).toISOString().slice(0, 10) <= day(rule.to),
    ).length;

  test('every row and the sums by campaign agree with the sandbox', async () => {
    const result = await call({ period: 'last_30_days' });
    const pages = Math.ceil(at.sandbox.workspace.campaigns.size / 100);
    expect(at.sandbox.requests).toHaveLength(2 + pages);
    const rows = rowsOf(result);
    if (size === 'large') {
      expect(rows.length).toBeGreaterThan(25);
      const inRows = encode(JSON.stringify(result.structuredContent?.rows)).length;
      expect(inRows / rows.length).toBeLessThanOrEqual(30);
      // The number of campaigns that sent something depends on the day.
      expect(encode(result.content[0]!.text!).length - inRows).toBeLessThanOrEqual(320);
    }
    for (const { campaignId, ...row } of rows) {
      const [sent, accepted] = ['connectionsSent', 'connectionsAccepted'].map((kind) =>
        count(kind, { campaignId, from: 29, to: 0 }),
      ) as [number, number];
      const [sentBefore, acceptedBefore] = ['connectionsSent', 'connectionsAccepted'].map((kind) =>
        count(kind, { campaignId, from: 59, to: 30 }),
      ) as [number, number];
      const [started, replied] = ['totalMessageStarted', 'totalMessageReplies'].map((kind) =>
        count(kind, { campaignId, from: 29, to: 0 }),
      ) as [number, number];
      const [a, b, rate = null, rateBefore = null] = (row.acceptance ?? [0, 0]) as (number | null)[];
      expect([a, b]).toEqual([accepted, sent]);
      // A table of more than 10 rows omits the rates of small samples.
      const isShown = rows.length <= 10 || sent >= 30;
      expect(rate).toEqual(!isShown || sent === 0 ? null : aboutOf(accepted / sent));
      expect(rateBefore).toEqual(!isShown || sentBefore === 0 ? null : aboutOf(acceptedBefore / sentBefore));
      expect(numbersOf({ acceptance: row.reply })).toEqual([replied, started]);
    }
    const overall = await at.peer.callTool('get_overall_stats', { startDate: day(29), endDate: day(0) });
    const sums = overall.structuredContent?.overall as Record<string, number>;
    expect(result.structuredContent?.totals).toMatchObject({
      sent: sums.connectionsSent,
      accepted: sums.connectionsAccepted,
      started: sums.totalMessageStarted,
      replied: sums.totalMessageReplies,
      inmails: sums.totalInmailStarted,
      inmailReplies: sums.totalInmailReplies,
      interested: sums.autoTaggedInterested,
    });
    expect(rows.find(({ name }) => String(name).startsWith('Agencies by InMail'))).toMatchObject({ acceptance: null });
    const earlier = { from: 59, to: 30 };
    const rateBefore = count('connectionsAccepted', earlier) / count('connectionsSent', earlier);
    for (const by of ['campaign', 'sender', 'campaign_and_sender']) {
      const { totals } = (await call({ by, period: 'last_30_days' })).structuredContent as { totals: unknown };
      expect(totals, by).toMatchObject({ acceptanceBefore: aboutOf(rateBefore) });
    }
  });

  test('a campaign without invitations never has a low rate', async () => {
    const result = await call({ filterMetric: 'acceptance', below: 0.15, minSample: 1 });
    for (const row of rowsOf(result)) {
      const [accepted, sent] = row.acceptance as [number, number];
      expect(sent).toBeGreaterThan(0);
      expect(accepted / sent).toBeLessThan(0.15);
    }
    const names = rowsOf(await call({ filterMetric: 'acceptance', below: 1 })).map(({ name }) => String(name));
    expect(names.filter((name) => name.startsWith('Agencies by InMail'))).toEqual([]);
  });

  test('takes two requests per sender, and the numbers by sender and by both agree with the sandbox', async () => {
    const senders = at.sandbox.workspace.accounts.size;
    const bySender = await call({ by: 'sender', period: 'last_7_days' });
    expect(at.sandbox.requests).toHaveLength(2 * senders + 1);
    expect(rowsOf(bySender)).toHaveLength(senders);
    for (const row of rowsOf(bySender)) {
      const rule = { accountId: row.linkedInAccountId, from: 6, to: 0 };
      expect(numbersOf(row)).toEqual([count('connectionsAccepted', rule), count('connectionsSent', rule)]);
    }
    at.sandbox.requests.splice(0);
    const byBoth = await call({ by: 'campaign_and_sender' });
    expect(at.sandbox.requests).toHaveLength(13);
    for (const row of rowsOf(byBoth)) {
      const rule = { campaignId: row.campaignId, accountId: row.linkedInAccountId, from: 29, to: 0 };
      expect(numbersOf(row)).toEqual([count('connectionsAccepted', rule), count('connectionsSent', rule)]);
    }
  });

  test('cohorts count the invitations of leads that began early enough', async () => {
    const { enrolments } = at.sandbox.workspace.campaigns.get(600113)!;
    const limit = Date.now() - 7 * DAY;
    const invited = [...enrolments.values()].filter(
      ({ insertedAt, connection }) => insertedAt !== null && insertedAt <= limit && connection !== 'None',
    );
    const accepted = invited.filter(({ connection }) => connection === 'ConnectionAccepted');
    const result = await call({ campaignIds: [600113], cohortDays: 7 });
    expect(rowsOf(result)).toMatchObject([{ cohort: [accepted.length, invited.length, expect.any(Number)] }]);
    expect(invited.length).toBeGreaterThan(50);
  });

  test('names a sender whose statistics fail, and returns no rows for it', async () => {
    at.sandbox.faults.add({ match: { path: '/stats/GetOverallStats' }, after: 4, kind: 'status', status: 403 });
    const { structuredContent } = await call({ by: 'sender' });
    expect(structuredContent?.incomplete).toHaveLength(1);
    expect(structuredContent?.incomplete).toMatchObject([{ part: expect.stringContaining('(LinkedIn account ') }]);
  });
});

/** The accepted and the sent invitations of a row. */
function numbersOf({ acceptance }: Record<string, unknown>): number[] {
  return ((acceptance ?? [0, 0]) as number[]).slice(0, 2);
}
