import { errorFromDetachedResult, HeyReachError } from '../client/index.ts';
import type { SendLock } from '../state/sends.ts';
import type { Approval } from './confirmation/channels.ts';
import { readPreview, rejectConfirmation } from './confirmation/confirm.ts';
import { draftCheckBeforeWrite } from './draft-check.ts';
import { type AuditEntry, beginAudit } from './logging/audit-recorder.ts';
import { readBeforeWrite } from './reads.ts';
import { createToolContext, markAfterReads, type ToolCall, type ToolExecution } from './request-context.ts';
import { failedCall, failedResult, internalError, rejection, toResult, unsentResult } from './results/tool-result.ts';
import type { ToolContext, ToolResult } from './tool.ts';

type StepResult = { ok: true } | { ok: false; result: ToolResult };

/** How long a preview counts as current while the call waits for its turn. */
const PREVIEW_FRESH_MS = 1_000;

/**
 * Makes an approved write. Each step can end the call before anything is sent: another call holds the lock, the previewed
 * state has changed, the audit log cannot be written, or the confirmation was used. A request that outlives the call keeps
 * the lock and the audit entry until it has ended.
 */
export async function executeWrite(call: ToolCall, approval: Approval): Promise<ToolResult> {
  const lock = await acquireLock(call);
  if (!lock.ok) return lock.result;
  let isDetached = false;
  try {
    const context = createToolContext(call, { beforeWrite: checksBeforeWrite(call, approval), lock: lock.held });
    const state = await verifyUnchanged(call, approval, context);
    if (!state.ok) return state.result;
    const audit = await beginAudit(call, approval.confirmed);
    if (!audit.ok) return audit.result;
    const token = await consumeToken(call, approval);
    const execution = token.ok ? await invoke(call, context) : { result: token.result, failure: NOT_SENT };
    emitChange(call, execution);
    isDetached = execution.failure?.inFlight === true || execution.continuedAsJob !== undefined;
    if (isDetached) void endDetached(call, execution, audit.entry).finally(lock.release);
    else await audit.entry.end(execution);
    return execution.result;
  } finally {
    if (!isDetached) await lock.release();
  }
}

type Lock = { ok: true; held: SendLock | undefined; release(): Promise<void> } | { ok: false; result: ToolResult };

async function acquireLock({ tool, input, client, requestContext }: ToolCall): Promise<Lock> {
  const target = tool.lockKey?.(input as never);
  if (target === undefined) return { ok: true, held: undefined, release: async () => {} };
  const sends = requestContext.safety.sendsOf(client.fingerprint);
  const held = await sends.lock(target);
  if (held !== undefined) return { ok: true, held, release: () => sends.unlock(held) };
  const result = rejection(
    'busy',
    `Another ${tool.name} call for the same target is in flight. This call was not made.`,
    'Wait for that call. Check its result, then repeat this call if it is still needed.',
  );
  return { ok: false, result };
}

/** Checks that the confirmed state is still the current one. */
async function verifyUnchanged(
  call: ToolCall,
  { isUnchanged, confirmed }: Approval,
  context: ToolContext,
): Promise<StepResult> {
  // A preview that found no need of a confirmation was read a moment ago.
  if (isUnchanged === undefined || confirmed === 'not_needed') return { ok: true };
  const current = await readPreview(call, context);
  if (!current.ok) return current;
  // A call that needs no confirmation any more does less than was confirmed.
  if (current.preview === undefined || isUnchanged(current.preview.boundState)) return { ok: true };
  return { ok: false, result: await rejectConfirmation(call, 'changed', current.preview) };
}

/** What has to hold right before each write, or undefined where nothing does. */
function checksBeforeWrite(call: ToolCall, approval: Approval): (() => Promise<void>) | undefined {
  const checks = [draftCheckBeforeWrite(call), recheckBeforeWrite(call, approval)].filter(
    (check) => check !== undefined,
  );
  if (checks.length === 0) return undefined;
  return async () => {
    for (const check of checks) await check();
  };
}

/**
 * Checks the confirmed state again when the first write had to wait, in the queue or for a 429.
 * @returns what throws, before the write is sent, if the state has changed.
 */
function recheckBeforeWrite(call: ToolCall, { isUnchanged }: Approval): (() => Promise<void>) | undefined {
  if (isUnchanged === undefined) return undefined;
  let checkedAt = Date.now();
  return async () => {
    const hasWritten = call.trace.attempts.some(({ retry, ended }) => retry !== 'safe' && Number(ended) < 300);
    if (hasWritten || Date.now() - checkedAt < PREVIEW_FRESH_MS) return;
    const reading = call.tool.preview?.(call.input as never, createToolContext(call));
    const current = await readBeforeWrite(Promise.resolve(reading));
    checkedAt = Date.now();
    if (current === undefined || isUnchanged(current.boundState)) return;
    throw new HeyReachError({
      kind: 'changed',
      outcome: 'not_sent',
      message: 'The previewed state changed while the call waited for its turn',
      meaning: 'Nothing was changed, and a confirmation is used up.',
      nextStep: `Call ${call.tool.name} again to see what it would do now.`,
    });
  };
}

/** Marks the confirmation as used: each one allows one call. */
async function consumeToken(call: ToolCall, { markUsed }: Approval): Promise<StepResult> {
  if (markUsed === undefined) return { ok: true };
  try {
    return (await markUsed()) ? { ok: true } : { ok: false, result: await rejectConfirmation(call, 'used') };
  } catch (error) {
    const { tool, requestContext } = call;
    if (error instanceof HeyReachError) return { ok: false, result: unsentResult(tool, error, call.input) };
    requestContext.log.error({ tool: tool.name, err: String(error) }, 'a confirmation could not be marked as used');
    const result = rejection(
      'confirmation_unmarkable',
      'The confirmation could not be recorded as used, so the call was not made.',
      'The operator of this server must check the folder of used confirmations. The server log has the reason.',
    );
    return { ok: false, result };
  }
}

/** How the audit log records a call that its confirmation did not allow. */
const NOT_SENT = new HeyReachError({
  kind: 'changed',
  outcome: 'not_sent',
  message: 'The confirmation was not valid any more',
  meaning: 'Nothing was sent.',
  nextStep: 'None.',
});

/** Emits a change unless the call surely changed nothing. */
function emitChange({ tool, input, client, requestContext }: ToolCall, { failure, isPartial }: ToolExecution): void {
  if (failure !== undefined && failure.outcome !== 'unknown' && isPartial !== true) return;
  requestContext.changes.emit({ key: client.fingerprint, tool: tool.name, input });
}

/** Records the end of a call whose request or job outlived it. Never rejects. */
async function endDetached(call: ToolCall, execution: ToolExecution, entry: AuditEntry): Promise<void> {
  const ended = { ...execution, ...(await detachedEnd(call, execution)) };
  emitChange(call, ended);
  await entry.end(ended);
}

async function detachedEnd(
  { trace, client }: ToolCall,
  { continuedAsJob, failure }: ToolExecution,
): Promise<Pick<ToolExecution, 'failure' | 'isPartial'>> {
  // The chunks before the failed one were sent.
  if (continuedAsJob !== undefined) return { failure: await continuedAsJob, isPartial: true };
  return { failure: errorFromDetachedResult(failure!, await trace.detached, client.hideKey) };
}

/** Runs the tool and makes its result. Never rejects. */
export async function invoke(call: ToolCall, context: ToolContext): Promise<ToolExecution> {
  const { tool, input, requestContext } = call;
  try {
    const output = await tool.run(input as never, context);
    const result = toResult(tool, output, context.full);
    const { error, partialFailure, continuedAsJob } = output;
    if (error !== undefined) return { result: failedResult(tool, error, input, result), failure: error };
    return { result, failure: partialFailure, isPartial: partialFailure !== undefined, continuedAsJob };
  } catch (error) {
    if (!(error instanceof HeyReachError)) {
      requestContext.log.error({ tool: tool.name, err: error }, 'tool broke');
      return { result: internalError(tool, error, 'unknown') };
    }
    const verified = await verifyAfterRetry(call, error, context);
    if (verified.ok) return { result: verified.result };
    const failure = markAfterReads(call.trace, verified.failure);
    return { result: failedCall(tool, failure, input), failure };
  }
}

/**
 * HeyReach may reject a retried call because its first attempt succeeded. The state then decides: done, not done, or
 * unknown where it cannot be read.
 */
async function verifyAfterRetry(
  { tool, input }: ToolCall,
  error: HeyReachError,
  context: ToolContext,
): Promise<{ ok: true; result: ToolResult } | { ok: false; failure: HeyReachError }> {
  const mayBeDone = tool.retry === 'idempotent' && error.afterUnclearAttempt && error.outcome === 'refused';
  if (!mayBeDone) return { ok: false, failure: error };
  try {
    if (tool.verifyAfterRetry == null) return { ok: false, failure: error.asUnknown() };
    const output = await tool.verifyAfterRetry(input as never, context);
    return output === undefined
      ? { ok: false, failure: error }
      : { ok: true, result: toResult(tool, output, context.full) };
  } catch {
    return { ok: false, failure: error.asUnknown() };
  }
}
