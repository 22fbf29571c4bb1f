import { oneDecimal } from '../shared/rates.ts';

/** What a sender sent in some days. */
export interface Pace {
  sent: number;
  accepted: number;
  sentToday: number;
  /** Invitations on an average day on which it sent any. The present day is not over and does not count. */
  perActiveDay: number | null;
}

interface DayCounts {
  connectionsSent?: number | null | undefined;
  connectionsAccepted?: number | null | undefined;
}

/** The pace of a sender from its statistics by day. HeyReach does not count what a person sends by hand. */
export function paceOf(byDay: Record<string, DayCounts>, today: string): Pace {
  const days = Object.entries(byDay).map(([day, counts]) => ({
    isToday: day.startsWith(today),
    sent: counts.connectionsSent ?? 0,
    accepted: counts.connectionsAccepted ?? 0,
  }));
  const active = days.filter(({ isToday, sent }) => !isToday && sent > 0);
  const sum = (some: readonly { sent: number }[]) => some.reduce((total, { sent }) => total + sent, 0);
  return {
    sent: sum(days),
    accepted: days.reduce((total, { accepted }) => total + accepted, 0),
    sentToday: sum(days.filter(({ isToday }) => isToday)),
    perActiveDay: active.length === 0 ? null : oneDecimal(sum(active) / active.length),
  };
}
