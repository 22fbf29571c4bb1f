import { type CallOptions, HeyReachError } from '../client/index.ts';
import type { ToolContext } from './define.ts';

const ROWS_PER_CALL = 100;

/** How a job went that took several calls: each index is in exactly one of the groups. */
export interface CallsReport<Answer> {
  accepted: { indexes: number[]; answer: Answer /** A lost answer made the call go twice. */; repeated: boolean }[];
  /** HeyReach said no to the call that held these. */
  refused: number[];
  unknown: number[];
  notSent: number[];
  error: HeyReachError | undefined;
}

/**
 * Sends rows in calls of 100, with progress after each. After a call that fails, and after a cancellation, nothing more is
 * sent.
 */
export async function sendInCalls<Answer>(
  indexes: readonly number[],
  send: (part: number[], isLast: boolean, call: CallOptions) => Promise<Answer>,
  context: ToolContext,
): Promise<CallsReport<Answer>> {
  const report: CallsReport<Answer> = { accepted: [], refused: [], unknown: [], notSent: [], error: undefined };
  const calls = Math.ceil(indexes.length / ROWS_PER_CALL);
  for (let call = 0; call < calls; call += 1) {
    const part = indexes.slice(call * ROWS_PER_CALL, (call + 1) * ROWS_PER_CALL);
    if (report.error !== undefined || context.call.signal?.aborted) {
      report.notSent.push(...part);
      continue;
    }
    let lostAnswers = 0;
    const observe: CallOptions['observe'] = (attempt) => {
      if (attempt.isUnclear) lostAnswers += 1;
      context.call.observe?.(attempt);
    };
    // Somebody waits for the first call; the later ones leave room for others.
    const options = { ...context.call, observe, background: call > 0 };
    try {
      const answer = await send(part, call === calls - 1, options);
      report.accepted.push({ indexes: part, answer, repeated: lostAnswers > 0 });
    } catch (error) {
      if (!(error instanceof HeyReachError)) throw error;
      // A refusal after a lost answer does not say that the first attempt was refused too.
      report.error = error.outcome === 'refused' && error.afterUnclearAttempt ? error.asUnknown() : error;
      const group = { unknown: report.unknown, not_sent: report.notSent, refused: report.refused }[
        report.error.outcome
      ];
      group.push(...part);
    }
    const done = report.accepted.reduce((sum, { indexes: sent }) => sum + sent.length, 0);
    await context.progress(call + 1, calls, `${done} of ${indexes.length} rows sent`);
  }
  return report;
}

/** Consecutive indexes as ranges. */
export function toRanges(indexes: readonly number[]): { from: number; to: number }[] {
  const ranges: { from: number; to: number }[] = [];
  for (const index of [...indexes].sort((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last !== undefined && last.to === index - 1) last.to = index;
    else ranges.push({ from: index, to: index });
  }
  return ranges;
}
