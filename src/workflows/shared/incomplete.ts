import * as z from 'zod';
import type { HeyReachError } from '../../client/index.ts';
import { outsideString } from '../../client/operations/fields.ts';
import { lazy } from '../../lib/lazy.ts';
import type { WorkTime } from './work-time.ts';

/** A part of a result that could not be read. */
export interface MissingPart {
  part: string;
  reason: string;
}

/** The field of every result that can lack a part. Absent where everything was read. */
export const incompleteOutput = lazy(() => ({
  incomplete: z
    .array(z.looseObject({ part: z.string(), reason: outsideString }))
    .optional()
    .describe('parts that were not read; absent when the result is complete'),
}));

/** Names a part whose read failed. */
export function missing(part: string, error: HeyReachError, time: WorkTime): MissingPart {
  return { part, reason: time.isOver() ? time.overReason : error.message };
}

/** The field of a result, absent where nothing is missing. */
export function incompleteIf(parts: readonly MissingPart[]): { incomplete?: readonly MissingPart[] } {
  return parts.length === 0 ? {} : { incomplete: parts };
}

const MAX_SAME_REASON = 3;

/** Parts that are missing for the same reason as one part, where they are more than a few. */
export function joinSameReasons(parts: readonly MissingPart[]): MissingPart[] {
  const reasons = [...new Set(parts.map(({ reason }) => reason))];
  return reasons.flatMap((reason) => {
    const same = parts.filter((part) => part.reason === reason);
    if (same.length <= MAX_SAME_REASON) return same;
    const named = same.slice(0, MAX_SAME_REASON).map(({ part }) => part);
    return [{ part: `${named.join(', ')} and ${same.length - MAX_SAME_REASON} more`, reason }];
  });
}
