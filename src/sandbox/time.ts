import { hash32 } from './random.ts';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** A timestamp as the API writes most of them: up to seven fractional digits, trailing zeros trimmed. */
export function iso(ms: number): string {
  const text = new Date(ms).toISOString();
  // The clock counts milliseconds; the four digits below are made up, always the same for the same moment.
  const below = String(hash32(text) % 10_000).padStart(4, '0');
  const fraction = `${text.slice(20, 23)}${below}`.replace(/0+$/, '');
  return `${text.slice(0, 19)}${fraction === '' ? '' : `.${fraction}`}Z`;
}

/** The same for a value that may be missing. */
export function isoOrNull(ms: number | null): string | null {
  return ms === null ? null : iso(ms);
}

/** A conversation time: exact to the millisecond. */
export function isoMillis(ms: number): string {
  return new Date(ms).toISOString();
}

/** Midnight UTC of the day a moment is in. */
export function dayOf(ms: number): number {
  return Math.floor(ms / DAY) * DAY;
}

/** A day as the stats name it: `2026-09-17T00:00:00Z`. */
export function dayKey(ms: number): string {
  return `${new Date(dayOf(ms)).toISOString().slice(0, 19)}Z`;
}

/** Reads an ISO 8601 date or date-time; without an offset it is UTC. NaN when it is none. */
export function parseDate(text: string): number {
  if (!/^\d{4}-\d{2}-\d{2}/.test(text)) return Number.NaN;
  const zoned = /T.*(?:Z|[+-]\d{2}:?\d{2})$/i.test(text) || !text.includes('T');
  return Date.parse(zoned ? text : `${text}Z`);
}

/** A .NET TimeSpan, as error sentences print it. */
export function timeSpan(ms: number): string {
  const days = Math.floor(ms / DAY);
  const clock = new Date(ms - days * DAY).toISOString().slice(11, 19);
  return days > 0 ? `${days}.${clock}` : clock;
}
