import { HeyReachError } from '../client/index.ts';
import { createToolContext, markAfterReads, type ToolCall } from './request-context.ts';
import { failedCall } from './results/tool-result.ts';
import type { ToolResult } from './tool.ts';

/** How long a check counts as current. */
const FRESH_MS = 1_000;

/** Whether mode draft allows a call. The check comes before a confirmation. */
export async function checkDraft(call: ToolCall): Promise<{ ok: true } | { ok: false; result: ToolResult }> {
  const { tool, input } = call;
  try {
    await runCheck(call);
    return { ok: true };
  } catch (thrown) {
    if (!(thrown instanceof HeyReachError)) throw thrown;
    const error = markAfterReads(call.trace, thrown);
    return { ok: false, result: failedCall(tool, error, input) };
  }
}

/** The same check on a fresh read, right before each write. undefined in other modes. */
export function draftCheckBeforeWrite(call: ToolCall): (() => Promise<void>) | undefined {
  if (!isChecked(call)) return undefined;
  let checkedAt = 0;
  return async () => {
    if (Date.now() - checkedAt < FRESH_MS) return;
    await runCheck(call);
    checkedAt = Date.now();
  };
}

function isChecked({ tool, request }: ToolCall): boolean {
  return request.mode === 'draft' && tool.draftCheck !== undefined;
}

async function runCheck(call: ToolCall): Promise<void> {
  if (isChecked(call)) await call.tool.draftCheck?.(call.input as never, createToolContext(call));
}
