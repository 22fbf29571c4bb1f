/** Metrics as HeyReach answers them; the mixed casing is its own. */
export const exampleMetrics = (changes: object = {}) => ({
  profileViews: 40,
  postLikes: 0,
  follows: 12,
  messagesSent: 73,
  totalMessageStarted: 73,
  totalMessageReplies: 10,
  inmailMessagesSent: 0,
  totalInmailStarted: 0,
  totalInmailReplies: 0,
  connectionsSent: 100,
  connectionsAccepted: 31,
  messageReplyRate: 0.13698925,
  inMailReplyRate: 0,
  connectionAcceptanceRate: 0.31,
  uniqueLeadsContacted: 90,
  autoTaggedInterested: 2,
  totalAutoTagged: 4,
  autoTaggedInterestedRate: 0.5,
  ...changes,
});

/** The compact form of a day. */
export const withoutZeros = (row: object) => Object.fromEntries(Object.entries(row).filter(([, value]) => value !== 0));

/** So many days from 2026-01-01 on, as keys of byDayStats, newest first. */
export function dayKeys(count: number): string[] {
  const first = Date.UTC(2026, 0, 1);
  const keys = Array.from(
    { length: count },
    (_, day) => `${new Date(first + day * 86_400_000).toISOString().slice(0, 10)}T00:00:00Z`,
  );
  return keys.reverse();
}
