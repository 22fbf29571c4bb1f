import { describe, expect, it } from 'vitest';
import { type Client, DAY, NOON, sandbox } from './support.ts';

type Metrics = Record<string, number>;
type Named = Metrics & { campaignId: number };

interface Overall {
  byDayStats: Record<string, Metrics>;
  overallStats: Metrics;
}

interface ByCampaign {
  byDayStats: Record<string, Named[]>;
  overallStats: Named[];
}

const all = { accountIds: [], campaignIds: [] };
const quarter = { startDate: new Date(NOON - 90 * DAY).toISOString(), endDate: new Date(NOON).toISOString() };
const overall = async (api: Client, body: object) => (await api.post<Overall>('/stats/GetOverallStats', body)).body;
const byCampaign = async (api: Client, body: object) =>
  (await api.post<ByCampaign>('/stats/GetOverallStatsByCampaign', body)).body;

const COUNTS = [
  'profileViews',
  'postLikes',
  'follows',
  'messagesSent',
  'totalMessageStarted',
  'totalMessageReplies',
  'inmailMessagesSent',
  'totalInmailStarted',
  'totalInmailReplies',
  'connectionsSent',
  'connectionsAccepted',
  'uniqueLeadsContacted',
  'autoTaggedInterested',
  'totalAutoTagged',
];

describe('statistics', () => {
  it('have days that add up to the total, and rates from the totals', async () => {
    const api = await sandbox();
    const { byDayStats, overallStats } = await overall(api, { ...all, ...quarter });
    expect(Object.keys(byDayStats)).toHaveLength(91);
    expect(Object.keys(byDayStats)[90]).toBe('2026-11-18T00:00:00Z');
    for (const name of COUNTS) {
      const sum = Object.values(byDayStats).reduce((total, day) => total + day[name]!, 0);
      expect(sum, name).toBe(overallStats[name]);
      expect(sum, name).toBeGreaterThan(0);
    }
    const s = overallStats;
    expect(s.messageReplyRate).toBeCloseTo(s.totalMessageReplies! / s.totalMessageStarted!, 6);
    expect(s.inMailReplyRate).toBeCloseTo(s.totalInmailReplies! / s.totalInmailStarted!, 6);
    expect(s.connectionAcceptanceRate).toBeCloseTo(s.connectionsAccepted! / s.connectionsSent!, 6);
    const quiet = Object.values(byDayStats).find((day) => day.connectionsSent === 0);
    expect(quiet?.connectionAcceptanceRate).toBe(0);
  });

  it('agree with the leads', async () => {
    const api = await sandbox();
    const { overallStats } = await byCampaign(api, { ...all, ...quarter });
    expect(overallStats.length).toBeGreaterThanOrEqual(6);
    for (const { campaignId, ...stats } of overallStats) {
      const leads = [...api.workspace.campaigns.get(campaignId)!.enrolments.values()];
      const count = (test: (lead: (typeof leads)[number]) => boolean) => leads.filter(test).length;
      expect(stats.uniqueLeadsContacted).toBe(count(({ contacted }) => contacted));
      expect(stats.connectionsSent).toBe(count(({ connection }) => connection !== 'None'));
      expect(stats.connectionsAccepted).toBe(count(({ connection }) => connection === 'ConnectionAccepted'));
      const replies = stats.totalMessageReplies! + stats.totalInmailReplies!;
      expect(replies).toBe(count(({ message }) => message === 'MessageReply'));
    }
  });

  it('add up by campaign and by sender without a remainder', async () => {
    const api = await sandbox();
    const whole = await overall(api, { ...all, ...quarter });
    const split = await byCampaign(api, { ...all, ...quarter });
    let bySender = 0;
    for (const id of api.workspace.accounts.keys()) {
      const stats = await overall(api, { ...all, accountIds: [id], ...quarter });
      bySender += stats.overallStats.messagesSent!;
    }
    expect(bySender).toBe(whole.overallStats.messagesSent);
    const sum = split.overallStats.reduce((total, row) => total + row.messagesSent!, 0);
    expect(sum).toBe(whole.overallStats.messagesSent);
    const day = '2026-11-17T00:00:00Z';
    const ofDay = split.byDayStats[day]!.reduce((total, row) => total + row.connectionsSent!, 0);
    expect(ofDay).toBe(whole.byDayStats[day]?.connectionsSent);
  });

  it('cover about three weeks without dates, and have no rows by campaign then', async () => {
    const api = await sandbox();
    expect(Object.keys((await overall(api, all)).byDayStats)).toHaveLength(22);
    const ignored = await overall(api, { ...all, timeFrom: '2026-11-17T00:00:00Z' });
    expect(Object.keys(ignored.byDayStats)).toHaveLength(22);
    expect(await byCampaign(api, all)).toEqual({ byDayStats: {}, overallStats: [] });
    expect(await byCampaign(api, { ...all, startDate: quarter.startDate })).toEqual({
      byDayStats: {},
      overallStats: [],
    });
  });

  it('grow as the clock moves on', async () => {
    const api = await sandbox();
    const range = { startDate: '2026-08-01T00:00:00Z', endDate: '2026-12-31T00:00:00Z' };
    const before = (await overall(api, { ...all, ...range })).overallStats;
    api.advance(7 * DAY);
    const after = (await overall(api, { ...all, ...range })).overallStats;
    expect(after.messagesSent! - before.messagesSent!).toBe(api.reached.messages.length);
    expect(after.connectionsSent! - before.connectionsSent!).toBe(api.reached.invitations.length);
    expect(after.inmailMessagesSent! - before.inmailMessagesSent!).toBe(api.reached.inmails.length);
    expect(api.reached.total).toBeGreaterThan(0);
  });
});
