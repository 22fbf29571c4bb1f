import { type Exchange, HeyReachError } from '../client/index.ts';
import type { AuditOutcome, Ending } from '../safety/audit.ts';
import { auditArguments } from './audit-arguments.ts';
import { type Consent, readPreview, refuseConfirmation } from './confirm.ts';
import { type Job, openContext } from './context.ts';
import type { ToolContext, ToolResult } from './define.ts';
import { nextStepFor } from './next-steps.ts';
import { errorResult, failedResult, internalFault, refusal, toResult, twinOf } from './results.ts';

type Go = Extract<Consent, { type: 'go' }>;

/** A result, and the error it tells of. */
interface Acted {
  result: ToolResult;
  error?: HeyReachError | undefined;
}

/** Makes a call that only reads. */
export async function read(job: Job): Promise<ToolResult> {
  return (await perform(job, openContext(job))).result;
}

/**
 * Makes a call that was allowed: alone where it has to be, only if what was shown is still so, and written down before and
 * after. A request that outlives the call keeps the lock until it has ended, and its end is written down then.
 */
export async function act(job: Job, consent: Go): Promise<ToolResult> {
  const { tool, input, client, caller } = job;
  const name = tool.exclusive?.(input as never);
  const sends = caller.safety.sendsOf(client.fingerprint);
  const unlock = name === undefined ? async () => {} : await sends.lock(name);
  if (unlock === undefined) return busy(job);
  let end: (acted: Acted | undefined) => Promise<void> = unlock;
  let acted: Acted | undefined;
  try {
    const context = openContext(job);
    const changed = await findChange(job, consent, context);
    if (changed !== undefined) return changed;
    const write = await beginAudit(job, consent);
    if ('content' in write) return write;
    end = async (ended) => {
      await write.end(endingOf(job, ended));
      await unlock();
    };
    acted = await perform(job, context);
    return acted.result;
  } finally {
    await finish(job, acted, end);
  }
}

/** Ends the call now, or, if its request is still on its way, when that has ended. */
async function finish(job: Job, acted: Acted | undefined, end: (acted: Acted | undefined) => Promise<void>) {
  const fail = (error: unknown) =>
    job.caller.log.error({ tool: job.tool.name, err: String(error) }, 'the end of a call could not be written down');
  if (acted?.error?.inFlight !== true) return end(acted).catch(fail);
  void job.trace.late.then((exchange) => end({ ...acted!, error: lateError(acted!.error!, exchange) })).catch(fail);
}

/** What became of a request after its caller had left: no error if HeyReach took it. */
function lateError(error: HeyReachError, exchange: Exchange): HeyReachError | undefined {
  if (exchange.type !== 'answer') return error.asEnded('unknown', exchange.reason);
  if (exchange.status >= 200 && exchange.status < 300) return undefined;
  return error.asEnded(exchange.status >= 500 ? 'unknown' : 'refused', `HTTP ${exchange.status}`);
}

/** What was shown must still be so, and each confirmation is good for one call. */
async function findChange(job: Job, consent: Go, context: ToolContext): Promise<ToolResult | undefined> {
  if (consent.stillBinds !== undefined) {
    const now = await readPreview(job, context);
    // Where there is no need to ask any more, less would be done than was allowed.
    if (now !== undefined) {
      if ('content' in now) return now;
      if (!consent.stillBinds(now.binds)) return refuseConfirmation(job, 'changed', now);
    }
  }
  if (consent.spend === undefined) return undefined;
  try {
    return (await consent.spend()) ? undefined : refuseConfirmation(job, 'used');
  } catch (error) {
    job.caller.log.error({ tool: job.tool.name, err: String(error) }, 'a confirmation cannot be marked as used');
    return refusal(
      'confirmation_unmarkable',
      'This confirmation cannot be marked as used, and nothing is done with one that could be used again.',
      "Whoever runs this server has to look at the system's temporary directory; its log says what is wrong.",
    );
  }
}

function busy({ tool }: Job): ToolResult {
  return refusal(
    'busy',
    `Another ${tool.name} to the same place is under way, and they are made one at a time.`,
    'Wait until it has been answered, look at what it did, and call again if it is still wanted.',
  );
}

/** @returns how to write down the end, or the refusal of a call that cannot be written down. */
async function beginAudit(job: Job, { confirmed }: Go) {
  const { tool, input, client, caller } = job;
  const { audit } = caller.safety;
  if (audit === undefined) return { end: async () => {} };
  try {
    const given = auditArguments(input, client.hideKey);
    const { name, kind } = tool;
    return { end: await audit.begin({ tool: name, kind, key: client.fingerprint, arguments: given, confirmed }) };
  } catch (error) {
    return unwritable(job, error);
  }
}

/**
 * Looks into the trail for calls that a process left in the middle, before anything is shown: a message among them may have
 * been sent. @returns the refusal where the trail cannot be read.
 */
export async function openAudit(job: Job): Promise<ToolResult | undefined> {
  try {
    await job.caller.safety.audit?.open();
    return undefined;
  } catch (error) {
    return unwritable(job, error);
  }
}

function unwritable({ tool, caller }: Job, error: unknown): ToolResult {
  caller.log.error({ tool: tool.name, err: String(error) }, 'the audit trail cannot be written');
  return refusal(
    'audit_unwritable',
    'The audit trail cannot be written, and nothing is changed without it.',
    'Whoever runs this server has to look at the file that HEYREACH_AUDIT_LOG names; its log says what is wrong.',
  );
}

function endingOf({ trace }: Job, acted: Acted | undefined): Ending {
  const error = acted?.error;
  const outcome: AuditOutcome = acted === undefined ? 'unknown' : (outcomeIn(acted) ?? 'done');
  return {
    outcome,
    http: trace.attempts.map(({ path, ended }) => `${path} ${ended}`),
    ...(error === undefined ? {} : { error: error.message.slice(0, 300) }),
  };
}

function outcomeIn({ result, error }: Acted): AuditOutcome | undefined {
  if (error !== undefined) return error.outcome;
  // An error of ours has a result alone; one that a late answer made good has none left.
  const { error: twin } = (result.structuredContent ?? {}) as { error?: { kind: string; outcome: AuditOutcome } };
  return twin?.kind === 'internal' ? twin.outcome : undefined;
}

/** Runs the tool and makes a result of whatever comes of it. Never rejects. */
async function perform(job: Job, context: ToolContext): Promise<Acted> {
  const { tool, input, caller, trace } = job;
  try {
    const found = await tool.run(input as never, context);
    const result = toResult(tool, found, context.full, trace.oddFields);
    const { error } = found;
    return error === undefined ? { result } : { result: failedResult(tool, error, input, result), error };
  } catch (error) {
    if (!(error instanceof HeyReachError)) {
      caller.log.error({ tool: tool.name, err: error }, 'tool broke');
      return { result: internalFault(tool, error, 'unknown') };
    }
    const settled = isEcho(job, error) ? await readBack(job, error, context) : error;
    if (!(settled instanceof HeyReachError)) return { result: settled };
    return { result: errorResult(twinOf(settled, nextStepFor(tool, settled, input)), settled), error: settled };
  }
}

/** A refusal of a retried call may be the echo of its success, whatever its status. */
function isEcho({ tool }: Job, error: HeyReachError): boolean {
  return tool.repeat === 'same' && error.afterUnclearAttempt && error.outcome === 'refused';
}

/** The state decides what an echo meant: done, not done, or, where it cannot be read, unknown. */
async function readBack(job: Job, error: HeyReachError, context: ToolContext): Promise<ToolResult | HeyReachError> {
  const { tool, input, trace } = job;
  if (tool.readBack == null) return error.asUnknown();
  try {
    const found = await tool.readBack(input as never, context);
    return found === undefined ? error : toResult(tool, found, context.full, trace.oddFields);
  } catch {
    return error.asUnknown();
  }
}
