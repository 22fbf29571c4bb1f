import { HeyReachError } from '../../client/index.ts';
import { traceFields } from '../../lib/trace-context.ts';
import type { AuditOutcome, Confirmed } from '../../safety/audit-log.ts';
import type { ToolCall, ToolExecution } from '../request-context.ts';
import { rejection, unsentResult } from '../results/tool-result.ts';
import type { ToolResult } from '../tool.ts';
import { hideSecrets, redactArguments } from './redact-arguments.ts';

const MAX_ERROR = 300;

/**
 * Looks in the audit log for calls that another process left unfinished, before a preview is shown: a message among them
 * may have been sent.
 */
export async function openAudit(call: ToolCall): Promise<{ ok: true } | { ok: false; result: ToolResult }> {
  try {
    await call.requestContext.safety.audit?.open();
    return { ok: true };
  } catch (error) {
    return { ok: false, result: rejectUnaudited(call, error) };
  }
}

/** The audit entry of a call. */
export interface AuditEntry {
  /** Writes how the call ended. Never rejects. */
  end(execution: ToolExecution): Promise<void>;
}

/** Writes the intent of a call to the audit log. A call that cannot be written down is not made. */
export async function beginAudit(
  call: ToolCall,
  confirmed: Confirmed,
): Promise<{ ok: true; entry: AuditEntry } | { ok: false; result: ToolResult }> {
  const { tool, input, client, requestContext } = call;
  const { audit } = requestContext.safety;
  if (audit === undefined) return { ok: true, entry: { end: async () => {} } };
  try {
    const { name, risk } = tool;
    const { requestId: request, token, user, workspace, trace } = requestContext;
    const person = user && { user: user.name, ...(user.client && { client: user.client }) };
    const caller = {
      key: client.fingerprint,
      ...(workspace !== undefined && { workspace }),
      ...(token && { token }),
      ...person,
      ...(request && { request }),
      ...traceFields(trace),
    };
    const args = redactArguments(input, keyHider(call));
    const end = await audit.begin({ tool: name, kind: risk, ...caller, arguments: args, confirmed });
    const logError = (error: unknown) =>
      requestContext.log.error({ tool: name, err: String(error) }, 'the outcome of a call could not be audited');
    return { ok: true, entry: { end: (execution) => end(auditEnding(call, execution)).catch(logError) } };
  } catch (error) {
    return { ok: false, result: rejectUnaudited(call, error) };
  }
}

function rejectUnaudited({ tool, input, requestContext }: ToolCall, error: unknown): ToolResult {
  // The shared state does not take up what the audit log holds.
  if (error instanceof HeyReachError) return unsentResult(tool, error, input);
  requestContext.log.error({ tool: tool.name, err: String(error) }, 'the audit log cannot be written');
  return rejection(
    'audit_unwritable',
    'The audit log cannot be written, so nothing was changed.',
    'The operator of this server must check the file that HEYREACH_AUDIT_LOG names. The server log has the reason.',
  );
}

/** Hides every key of the caller: a call made with one key may quote the other. */
function keyHider({ requestContext }: ToolCall): (text: string) => string {
  const clients = [requestContext.client, requestContext.organization].filter((client) => client !== undefined);
  return (text) => clients.reduce((hidden, client) => client.hideKey(hidden), text);
}

function auditEnding(call: ToolCall, execution: ToolExecution) {
  const { failure } = execution;
  return {
    outcome: outcomeOf(execution),
    http: call.trace.attempts.map(({ path, ended }) => `${path} ${ended}`),
    ...(failure === undefined
      ? {}
      : { error: hideSecrets(keyHider(call)(failure.message), call.input).slice(0, MAX_ERROR) }),
  };
}

function outcomeOf({ result, failure, isPartial }: ToolExecution): AuditOutcome {
  if (failure !== undefined) return isPartial && failure.outcome !== 'unknown' ? 'done' : failure.outcome;
  // An internal error has a result only. A detached request that succeeded has no failure any more.
  const { error } = (result.structuredContent ?? {}) as { error?: { kind: string; outcome: AuditOutcome } };
  return error?.kind === 'internal' ? error.outcome : 'done';
}
