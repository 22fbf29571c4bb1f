import { type Exchange, errorOfLate, HeyReachError } from '../client/index.ts';
import { beginAudit } from './audit-call.ts';
import { beforeWrite } from './before-write.ts';
import { type Consent, readPreview, refuseConfirmation } from './confirm.ts';
import { type Job, openContext } from './context.ts';
import type { ToolContext, ToolResult } from './define.ts';
import { nextStepFor } from './next-steps.ts';
import { errorResult, failedResult, internalFault, refusal, toResult, twinOf } from './results.ts';

type Go = Extract<Consent, { type: 'go' }>;

/** A call that was made, or stopped at the last moment. */
export interface Acted {
  result: ToolResult;
  /** Why it failed, in whole or in part. */
  failure?: HeyReachError | undefined;
  /** What came before the failure was done all the same. */
  isPartial?: boolean;
}

/** What was shown is taken for true so long while a call waits for its turn. */
const FRESH_MS = 1_000;

/** Makes a call that only reads. */
export async function read(job: Job): Promise<ToolResult> {
  return (await perform(job, openContext(job))).result;
}

/**
 * Makes a call that was allowed: alone where it has to be, only if what was shown is still so, and written down before and
 * after. A request that outlives the call keeps the lock until it has ended, and its end is written down then.
 */
export async function act(job: Job, consent: Go): Promise<ToolResult> {
  const unlock = await lock(job);
  if (unlock === undefined) return busy(job);
  let isInFlight = false;
  try {
    const context = openContext(job, recheck(job, consent));
    const changed = await findChange(job, consent, context);
    if (changed !== undefined) return changed;
    const entry = await beginAudit(job, consent.confirmed);
    if ('content' in entry) return entry;
    const acted = (await useUp(job, consent)) ?? (await perform(job, context));
    isInFlight = acted.failure?.inFlight === true;
    tellChange(job, acted);
    if (isInFlight) void job.trace.late.then((exchange) => endLate(job, acted, exchange, entry).finally(unlock));
    else await entry.end(acted);
    return acted.result;
  } finally {
    if (!isInFlight) await unlock();
  }
}

async function lock({ tool, input, client, caller }: Job): Promise<(() => Promise<void>) | undefined> {
  const name = tool.exclusive?.(input as never);
  return name === undefined ? async () => {} : caller.safety.sendsOf(client.fingerprint).lock(name);
}

function busy({ tool }: Job): ToolResult {
  return refusal(
    'busy',
    `Another ${tool.name} to the same place is under way, and they are made one at a time.`,
    'Wait until it has been answered, look at what it did, and call again if it is still wanted.',
  );
}

/** What was shown must still be so. */
async function findChange(
  job: Job,
  { stillBinds, confirmed }: Go,
  context: ToolContext,
): Promise<ToolResult | undefined> {
  // Where there was nothing to show, that was found out a moment ago.
  if (stillBinds === undefined || confirmed === 'not_needed') return undefined;
  const now = await readPreview(job, context);
  // Where there is no need to ask any more, less would be done than was allowed.
  if (now === undefined) return undefined;
  if ('content' in now) return now;
  return stillBinds(now.binds) ? undefined : refuseConfirmation(job, 'changed', now);
}

/**
 * Looks once more when the first change has had to wait for its turn, in the queue or behind a 429: meanwhile the world may
 * have moved on. @returns what throws then, before anything leaves.
 */
function recheck(job: Job, { stillBinds }: Go): (() => Promise<void>) | undefined {
  if (stillBinds === undefined) return undefined;
  let lookedAt = Date.now();
  return async () => {
    const hasChanged = job.trace.attempts.some(({ repeat, ended }) => repeat !== 'safe' && Number(ended) < 300);
    if (hasChanged || Date.now() - lookedAt < FRESH_MS) return;
    const now = await beforeWrite(Promise.resolve(job.tool.preview?.(job.input as never, openContext(job))));
    lookedAt = Date.now();
    if (now === undefined || stillBinds(now.binds)) return;
    throw new HeyReachError({
      kind: 'changed',
      outcome: 'not_sent',
      message: 'What would be done has changed while the call waited for its turn',
      meaning: 'Nothing was changed, and a confirmation is used up.',
      nextStep: `Call ${job.tool.name} again to see what it would do now.`,
    });
  };
}

/** Each confirmation is good for one call. @returns what to answer instead where it is not good any more. */
async function useUp(job: Job, { spend }: Go): Promise<Acted | undefined> {
  if (spend === undefined) return undefined;
  const stopped = (result: ToolResult): Acted => ({ result, failure: NOT_USED });
  try {
    return (await spend()) ? undefined : stopped(await refuseConfirmation(job, 'used'));
  } catch (error) {
    job.caller.log.error({ tool: job.tool.name, err: String(error) }, 'a confirmation cannot be marked as used');
    return stopped(
      refusal(
        'confirmation_unmarkable',
        'This confirmation cannot be marked as used, and nothing is done with one that could be used again.',
        'Whoever runs this server has to look at the folder of used confirmations; its log says what is wrong.',
      ),
    );
  }
}

const NOT_USED = new HeyReachError({
  kind: 'changed',
  outcome: 'not_sent',
  message: 'The confirmation was not good any more',
  meaning: 'Nothing was sent.',
  nextStep: 'None.',
});

/** A call that surely did nothing is no change. */
function tellChange({ tool, input, client, caller }: Job, { failure, isPartial }: Acted): void {
  if (failure !== undefined && failure.outcome !== 'unknown' && isPartial !== true) return;
  caller.changes.tell({ key: client.fingerprint, tool: tool.name, input });
}

/** Writes down the end of a call whose request went on without it. Never rejects. */
async function endLate(job: Job, acted: Acted, exchange: Exchange, entry: { end(acted: Acted): Promise<void> }) {
  const ended = { ...acted, failure: errorOfLate(acted.failure!, exchange, job.client.hideKey) };
  tellChange(job, ended);
  await entry.end(ended);
}

/** Runs the tool and makes a result of whatever comes of it. Never rejects. */
async function perform(job: Job, context: ToolContext): Promise<Acted> {
  const { tool, input, caller, trace } = job;
  try {
    const found = await tool.run(input as never, context);
    const result = toResult(tool, found, context.full, trace.oddFields);
    const { error, partly } = found;
    if (error !== undefined) return { result: failedResult(tool, error, input, result), failure: error };
    return { result, failure: partly, isPartial: partly !== undefined };
  } catch (error) {
    if (!(error instanceof HeyReachError)) {
      caller.log.error({ tool: tool.name, err: error }, 'tool broke');
      return { result: internalFault(tool, error, 'unknown') };
    }
    const settled = isEcho(job, error) ? await readBack(job, error, context) : error;
    if (!(settled instanceof HeyReachError)) return { result: settled };
    return { result: errorResult(twinOf(settled, nextStepFor(tool, settled, input)), settled), failure: settled };
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
