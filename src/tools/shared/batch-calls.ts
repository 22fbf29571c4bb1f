import { type CallOptions, HeyReachError } from '../../client/index.ts';
import type { ToolContext } from '../../mcp/tool.ts';

const ROWS_PER_CALL = 100;

/** The outcome of rows sent in several calls. Each index is in exactly one of the groups. */
export interface BatchReport<CallResponse> {
  accepted: {
    indexes: number[];
    response: CallResponse;
    /** The call was sent twice after a lost response. */
    repeated: boolean;
  }[];
  /** HeyReach rejected the call with these rows. */
  refused: number[];
  unknown: number[];
  notSent: number[];
  error: HeyReachError | undefined;
}

/** Sends rows in calls of 100 and reports progress after each. Stops after a failed call and after a cancellation. */
export async function sendInCalls<CallResponse>(
  indexes: readonly number[],
  send: (part: number[], isLast: boolean, call: CallOptions) => Promise<CallResponse>,
  context: ToolContext,
): Promise<BatchReport<CallResponse>> {
  const report: BatchReport<CallResponse> = { accepted: [], refused: [], unknown: [], notSent: [], error: undefined };
  const calls = Math.ceil(indexes.length / ROWS_PER_CALL);
  for (let call = 0; call < calls; call += 1) {
    const part = indexes.slice(call * ROWS_PER_CALL, (call + 1) * ROWS_PER_CALL);
    if (report.error !== undefined || context.call.signal?.aborted) {
      report.notSent.push(...part);
      continue;
    }
    let lostResponses = 0;
    const observe: CallOptions['observe'] = (attempt) => {
      if (attempt.isUnclear) lostResponses += 1;
      context.call.observe?.(attempt);
    };
    // Later calls run in the background, so that a large add leaves requests for other calls.
    const options = { ...context.call, observe, background: call > 0 };
    try {
      const response = await send(part, call === calls - 1, options);
      report.accepted.push({ indexes: part, response, repeated: lostResponses > 0 });
    } catch (error) {
      if (!(error instanceof HeyReachError)) throw error;
      // A rejection after a lost response does not prove that the first attempt was rejected too.
      report.error = error.outcome === 'refused' && error.afterUnclearAttempt ? error.asUnknown() : error;
      const groups = { unknown: report.unknown, not_sent: report.notSent, refused: report.refused };
      groups[report.error.outcome].push(...part);
    }
    const done = report.accepted.reduce((sum, accepted) => sum + accepted.indexes.length, 0);
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
