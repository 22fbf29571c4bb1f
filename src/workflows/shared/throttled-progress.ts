import type { ToolContext } from '../../mcp/tool.ts';

/** Clients get at most one notification in this time. */
export const PROGRESS_MS = 1_000;

/** Progress notifications of a count, at most one a second. */
export interface ThrottledProgress {
  add(count: number): Promise<void>;
  /** How many there will be, where that is known. */
  expect(total: number): void;
}

/** @param message what is counted, such as `conversations read`. */
export function throttleProgress(
  { call, progress }: Pick<ToolContext, 'progress' | 'call'>,
  message: string,
): ThrottledProgress {
  let done = 0;
  let expected = 0;
  let sentAt = Date.now();
  return {
    async add(count) {
      done += count;
      // Work that can become a job counts everything, and throttles by itself what it sends.
      if (call.deadline !== undefined && Date.now() - sentAt < PROGRESS_MS) return;
      sentAt = Date.now();
      await progress(done, Math.max(done, expected), `${done} ${message}`);
    },
    expect(total) {
      expected = total;
    },
  };
}
