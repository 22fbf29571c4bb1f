import { array, bind, date, int, long, required } from '../http/model-binding.ts';
import { type ApiResponse, apiError, jsonResponse } from '../http/response.ts';
import type { Route, RouteCall } from '../http/router.ts';
import type { Activity, ActivityKind } from '../model/index.ts';
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

/** A rate from 0 to 1 in single precision, as the API returns it. 0 when `whole` is 0. */
function rate(part: number, whole: number): number {
  return whole === 0 ? 0 : Number(Math.fround(part / whole).toPrecision(8));
}

function metricsOf(activity: Activity[]) {
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

/** The selected activity by day. Days count as a whole. */
function activityByDay({ world }: RouteCall, input: { accountIds: number[]; campaignIds: number[] }, range: Range) {
  const byDay = new Map<number, Activity[]>();
  for (let day = range.first; day <= range.last; day += DAY) byDay.set(day, []);
  for (const activity of world.workspace.activity) {
    if (input.accountIds.length > 0 && !input.accountIds.includes(activity.accountId)) continue;
    if (input.campaignIds.length > 0 && !input.campaignIds.includes(activity.campaignId)) continue;
    byDay.get(dayOf(activity.at))?.push(activity);
  }
  return byDay;
}

function checkRange(start: number, end: number): Range {
  if (start > end) throw apiError('The start date must be before the end date.');
  return { first: dayOf(start), last: dayOf(end) };
}

function getOverallStats(call: RouteCall): ApiResponse {
  const input = bind(call.body, fields);
  // Without dates the response covers about the last three weeks.
  const end = input.endDate ?? call.world.now();
  const byDay = activityByDay(call, input, checkRange(input.startDate ?? end - 21 * DAY, end));
  return jsonResponse({
    byDayStats: Object.fromEntries([...byDay].map(([day, activity]) => [dayKey(day), metricsOf(activity)])),
    overallStats: metricsOf([...byDay.values()].flat()),
  });
}

function getStatsByCampaign(call: RouteCall): ApiResponse {
  const input = bind(call.body, fields);
  const { workspace } = call.world;
  if (input.startDate === undefined || input.endDate === undefined)
    return jsonResponse({ byDayStats: {}, overallStats: [] });
  const byDay = activityByDay(call, input, checkRange(input.startDate, input.endDate));
  const perCampaign = (activity: Activity[]) =>
    [...workspace.campaigns.values()].flatMap(({ id, name }) => {
      const own = activity.filter((entry) => entry.campaignId === id);
      return own.length === 0 ? [] : [{ campaignId: id, campaignName: name, ...metricsOf(own) }];
    });
  return jsonResponse({
    byDayStats: Object.fromEntries([...byDay].map(([day, activity]) => [dayKey(day), perCampaign(activity)])),
    overallStats: perCampaign([...byDay.values()].flat()),
  });
}

export const statsRoutes: Route[] = [
  { method: 'POST', path: '/stats/GetOverallStats', body: true, handle: getOverallStats },
  { method: 'POST', path: '/stats/GetOverallStatsByCampaign', body: true, handle: getStatsByCampaign },
];
