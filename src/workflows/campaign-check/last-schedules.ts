import type { HeyReachClient } from '../../client/index.ts';
import type { CampaignSchedule } from '../../client/operations/campaigns.ts';

const MAX_SCHEDULES = 1_000;

/** A schedule that this process has set. It can have been changed elsewhere since. */
export interface SetSchedule {
  schedule: CampaignSchedule;
  /** ISO time. */
  setAt: string;
}

type Key = Pick<HeyReachClient, 'fingerprint'>;

/** HeyReach returns no schedules, so the last ones that this process has set are kept, the oldest first. */
const schedules = new Map<string, SetSchedule>();

/** Keeps the schedule that a call has set. */
export function rememberSchedule(client: Key, campaignId: number, schedule: CampaignSchedule): void {
  forgetSchedule(client, campaignId);
  schedules.set(keyOf(client, campaignId), { schedule, setAt: new Date().toISOString() });
  if (schedules.size > MAX_SCHEDULES) schedules.delete(schedules.keys().next().value!);
}

/** Drops a schedule before a call that may replace it. Without a response it is unknown which one is in force. */
export function forgetSchedule(client: Key, campaignId: number): void {
  schedules.delete(keyOf(client, campaignId));
}

/** The schedule that this process has set last for a campaign. */
export function lastSchedule(client: Key, campaignId: number): SetSchedule | undefined {
  return schedules.get(keyOf(client, campaignId));
}

function keyOf({ fingerprint }: Key, campaignId: number): string {
  return `${fingerprint} ${campaignId}`;
}
