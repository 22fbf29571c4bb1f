import { endOfDate, startOfDate } from './fields.ts';

/** A day begins this much earlier in the time zone furthest ahead of UTC. */
const ZONE_MS = 14 * 3_600_000;

/** The ends of a range with the names of their parameters. */
type Range = Record<string, string | undefined>;

/**
 * Checks a range of dates: HeyReach answers a reversed or a future range with zeros.
 * @param range the start and, after it, the end. Days and times of the parameters.
 * @returns what is wrong, as a sentence.
 */
export function checkRange(range: Range, now: number = Date.now()): string | undefined {
  const [[fromName, from] = ['', undefined], [toName, to] = ['', undefined]] = Object.entries(range);
  if (from === undefined) return undefined;
  const start = Date.parse(startOfDate(from));
  const today = `today is ${new Date(now).toISOString().slice(0, 10)} (UTC)`;
  if (to !== undefined && start > Date.parse(endOfDate(to)))
    return `${fromName} must not be later than ${toName}; ${today}`;
  return start > now + ZONE_MS ? `${fromName} must not be in the future; ${today}` : undefined;
}
