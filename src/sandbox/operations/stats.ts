import { array, bind, date, int, long, required } from '../http/binding.ts';
import { json, type Reply, refuse } from '../http/reply.ts';
import type { Call, Route } from '../http/router.ts';
import type { Activity, ActivityKind } from '../model.ts';
import { DAY, dayKey, dayOf } from '../time.ts';

const KINDS: readonly ActivityKind[] = [
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

/** A rate from 0 to 1 with a single-precision look; 0 when there is nothing to divide by. */
function rate(part: number, whole: number): number {
  return whole === 0 ? 0 : Number(Math.fround(part / whole).toPrecision(8));
}

function metrics(activity: Activity[]) {
  const sum = Object.fromEntries(KINDS.map((kind) => [kind, 0])) as Record<ActivityKind, number>;
  for (const { kind } of activity) sum[kind]++;
  const { uniqueLeadsContacted, autoTaggedInterested, totalAutoTagged, ...rest } = sum;
  return {
    ...rest,
    messageReplyRate: rate(sum.totalMessageReplies, sum.totalMessageStarted),
    inMailReplyRate: rate(sum.totalInmailReplies, sum.totalInmailStarted),
    connectionAcceptanceRate: rate(sum.connectionsAccepted, sum.connectionsSent),
    uniqueLeadsContacted,
    autoTaggedInterested,
    totalAutoTagged,
    autoTaggedInterestedRate: rate(autoTaggedInterested, totalAutoTagged),
  };
}

const fields = {
  accountIds: required(array(int)),
  campaignIds: required(array(long)),
  startDate: date,
  endDate: date,
};

interface Range {
  first: number;
  last: number;
}

/** The activity in question by day; a day counts whole. */
function select({ world }: Call, input: { accountIds: number[]; campaignIds: number[] }, range: Range) {
  const byDay = new Map<number, Activity[]>();
  for (let day = range.first; day <= range.last; day += DAY) byDay.set(day, []);
  for (const one of world.workspace.activity) {
    if (input.accountIds.length > 0 && !input.accountIds.includes(one.accountId)) continue;
    if (input.campaignIds.length > 0 && !input.campaignIds.includes(one.campaignId)) continue;
    byDay.get(dayOf(one.at))?.push(one);
  }
  return byDay;
}

function checkRange(start: number, end: number): Range {
  if (start > end) throw refuse('The start date must be before the end date.');
  return { first: dayOf(start), last: dayOf(end) };
}

function overall(call: Call): Reply {
  const input = bind(call.body, fields);
  // Without dates the answer covers about the last three weeks.
  const end = input.endDate ?? call.world.now();
  const byDay = select(call, input, checkRange(input.startDate ?? end - 21 * DAY, end));
  return json({
    byDayStats: Object.fromEntries([...byDay].map(([day, activity]) => [dayKey(day), metrics(activity)])),
    overallStats: metrics([...byDay.values()].flat()),
  });
}

function byCampaign(call: Call): Reply {
  const input = bind(call.body, fields);
  const { workspace } = call.world;
  if (input.startDate === undefined || input.endDate === undefined) return json({ byDayStats: {}, overallStats: [] });
  const byDay = select(call, input, checkRange(input.startDate, input.endDate));
  const perCampaign = (activity: Activity[]) =>
    [...workspace.campaigns.values()].flatMap(({ id, name }) => {
      const own = activity.filter((one) => one.campaignId === id);
      return own.length === 0 ? [] : [{ campaignId: id, campaignName: name, ...metrics(own) }];
    });
  return json({
    byDayStats: Object.fromEntries([...byDay].map(([day, activity]) => [dayKey(day), perCampaign(activity)])),
    overallStats: perCampaign([...byDay.values()].flat()),
  });
}

export const statsRoutes: Route[] = [
  { method: 'POST', path: '/stats/GetOverallStats', body: true, handle: overall },
  { method: 'POST', path: '/stats/GetOverallStatsByCampaign', body: true, handle: byCampaign },
];
