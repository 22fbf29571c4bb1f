import { hash32 } from './random.ts';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** A timestamp as the API writes most of them: up to seven fractional digits, trailing zeros trimmed. */
export function iso(ms: number): string {
  const text = new Date(ms).toISOString();
  // The clock counts milliseconds. The last four digits are derived from the moment, so they are stable.
  const below = String(hash32(text) % 10_000).padStart(4, '0');
  const fraction = `${text.slice(20, 23)}${below}`.replace(/0+$/, '');
  return `${text.slice(0, 19)}${fraction === '' ? '' : `.${fraction}`}Z`;
}

export function isoOrNull(ms: number | null): string | null {
  return ms === null ? null : iso(ms);
}

/** A timestamp in conversations: exact to the millisecond. */
export function isoMillis(ms: number): string {
  return new Date(ms).toISOString();
}

/** Midnight UTC of a moment's day. */
export function dayOf(ms: number): number {
  return Math.floor(ms / DAY) * DAY;
}

/** The key of a day in stats: `2026-09-17T00:00:00Z`. */
export function dayKey(ms: number): string {
  return `${new Date(dayOf(ms)).toISOString().slice(0, 19)}Z`;
}

/** Parses an ISO 8601 date or date-time, without an offset as UTC. NaN for any other text. */
export function parseDate(text: string): number {
  if (!/^\d{4}-\d{2}-\d{2}/.test(text)) return Number.NaN;
  const zoned = /T.*(?:Z|[+-]\d{2}:?\d{2})$/i.test(text) || !text.includes('T');
  return Date.parse(zoned ? text : `${text}Z`);
}

/** A .NET TimeSpan, as in the API's error messages. */
export function timeSpan(ms: number): string {
  const days = Math.floor(ms / DAY);
  const clock = new Date(ms - days * DAY).toISOString().slice(11, 19);
  return days > 0 ? `${days}.${clock}` : clock;
}
