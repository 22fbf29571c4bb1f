import { HeyReachError, waitFor } from '../client/index.ts';
import type { Confirmed } from '../safety/audit.ts';
import type { Carrier, Fault, Presented, Subject } from '../safety/confirmations.ts';
import { digest } from '../safety/hash.ts';
import type { Question, Reply } from './asking.ts';
import { type Job, openContext } from './context.ts';
import type { ToolContext, ToolResult } from './define.ts';
import { nextStepFor } from './next-steps.ts';
import { type Preview, previewText, showPreview } from './preview.ts';
import { errorResult, plainResult, refusal, twinOf, withAccount } from './results.ts';

/** Hosts that see progress go on waiting. */
const PROGRESS_EVERY_MS = 15_000;

/** Whether a call may be made. */
export type Consent =
  | { type: 'answer'; result: ToolResult | Question }
  | {
      type: 'go';
      confirmed: Confirmed;
      /** Whether what was allowed is still what would be done; absent when nothing was looked at. */
      stillBinds?(binds: unknown): boolean;
      /** Uses the confirmation up; false when it was used before. */
      spend?(): Promise<boolean>;
    };

/**
 * Sees to it that somebody has allowed the call: from a confirmation that came along, by asking through the protocol, or by
 * answering a preview with a token. Sends nothing but reads.
 */
export async function seekConsent(job: Job): Promise<Consent> {
  const { tool, request, caller } = job;
  if (tool.asks === 'no') return { type: 'go', confirmed: 'not_needed' };
  if (caller.safety.confirm === 'off') return { type: 'go', confirmed: 'off' };
  const { asking } = request;
  if (asking.way === 'token' && job.confirmToken !== undefined) return present(job, 'token', job.confirmToken);
  if (asking.way === 'input_required' && asking.state !== undefined && asking.reply !== undefined) {
    return asking.reply === 'accept' ? present(job, 'state', asking.state) : answer(declined(asking.reply));
  }
  const preview = await readPreview(job, openContext(job));
  // Should there be something to show after all by the time it is made, nobody has allowed that.
  if (preview === undefined) return { type: 'go', confirmed: 'not_needed', stillBinds: () => false };
  if ('content' in preview) return answer(preview);
  if (asking.way === 'token') return answer(plainResult(await offer(job, preview)));
  if (asking.way === 'input_required') {
    const { text } = await caller.safety.confirmations.issue('state', subjectOf(job), preview.binds);
    return answer({ question: previewText(preview), state: text });
  }
  const reply = await askDuring(job, preview, asking.ask);
  if (reply !== 'accept') return answer(declined(reply));
  const shown = digest(preview.binds);
  return { type: 'go', confirmed: 'asked', stillBinds: (binds) => digest(binds) === shown };
}

const answer = (result: ToolResult | Question): Consent => ({ type: 'answer', result });

/** Takes a confirmation that came back with the call. */
async function present(job: Job, via: Carrier, text: string): Promise<Consent> {
  const { confirmations } = job.caller.safety;
  const read = await confirmations.read(via, text, subjectOf(job));
  if ('fault' in read) return answer(await refuseConfirmation(job, read.fault));
  return {
    type: 'go',
    confirmed: via === 'token' ? 'token' : 'asked',
    stillBinds: (binds) => (read as Presented).stillBinds(binds),
    spend: () => confirmations.spend(read),
  };
}

/** What is confirmed, and by whom: what one holder of a token was shown, another cannot allow. */
function subjectOf({ tool, input, client, caller }: Job): Subject {
  return { tool: tool.name, input, key: [client.fingerprint, caller.token ?? ''].join(' ').trimEnd() };
}

/** @returns the preview, undefined where none is needed, or the error of the reads it takes, which leave nothing sent. */
export async function readPreview(job: Job, context: ToolContext): Promise<Preview | ToolResult | undefined> {
  const { tool, input } = job;
  try {
    const preview = await tool.preview?.(input as never, context);
    // Only a tool that asks sometimes may find that there is no need.
    if (preview === undefined && tool.asks === 'yes') throw new Error(`${tool.name} shows no preview`);
    return preview;
  } catch (error) {
    if (!(error instanceof HeyReachError)) throw error;
    const unsent = error.asNotSent();
    return errorResult(twinOf(unsent, nextStepFor(tool, unsent, input)), unsent);
  }
}

/** A preview quotes names and messages wherever it has to. */
const OUTSIDE_TEXT = ['confirmation.preview.*'];

/** A preview for a client that cannot be asked, with a token that lets the same call through. */
async function offer(job: Job, preview: Preview): Promise<Record<string, unknown>> {
  const { text, expiresAt } = await job.caller.safety.confirmations.issue('token', subjectOf(job), preview.binds);
  return {
    confirmation: { required: true, preview: showPreview(preview), confirmToken: text, expiresAt },
    nextStep: `Nothing was done yet. Show the preview to the person you work for; on their yes call ${job.tool.name} again with the same arguments and this confirmToken.`,
    untrustedFields: OUTSIDE_TEXT,
  };
}

/** Asks through the connection while the call waits; the time it takes is not the call's. */
async function askDuring(
  job: Job,
  preview: Preview,
  ask: (message: string, options: { signal: AbortSignal; timeoutMs: number }) => Promise<Reply>,
): Promise<Reply> {
  const { signal, notify } = job.request;
  const began = Date.now();
  const answered = new AbortController();
  const tell = async () => {
    // Far below the steps of the call itself, which count from 1.
    for (let told = 1; ; told += 1) {
      await waitFor(PROGRESS_EVERY_MS, answered.signal);
      if (answered.signal.aborted) return;
      await notify?.({ progress: told / 1_000, message: 'Waiting for a person to allow it' }).catch(() => {});
    }
  };
  if (notify !== undefined) void tell();
  try {
    return await ask(previewText(preview), { signal, timeoutMs: job.caller.safety.askMs });
  } finally {
    answered.abort();
    job.deadline += Date.now() - began;
  }
}

const REFUSALS: Record<Exclude<Reply, 'accept'>, { reason: string; message: string }> = {
  decline: { reason: 'declined', message: 'The person declined: nothing was done.' },
  cancel: { reason: 'dismissed', message: 'The question was dismissed without an answer: nothing was done.' },
  silent: { reason: 'no_answer', message: 'Nobody answered in time: nothing was done.' },
  failed: { reason: 'not_shown', message: 'The client could not put the question to anybody: nothing was done.' },
};

/** Not allowed, which is an answer and no error. */
function declined(reply: Exclude<Reply, 'accept'>): ToolResult {
  return plainResult({ declined: true, ...REFUSALS[reply] });
}

const FAULTS: Record<Fault, { message: string; showAnew: boolean }> = {
  forged: {
    message: 'This confirmation was not made by this server: it was altered, or the server was restarted since.',
    showAnew: false,
  },
  expired: { message: 'This confirmation has expired.', showAnew: true },
  other_key: { message: 'This confirmation was made for another API key or caller.', showAnew: false },
  other_tool: { message: 'This confirmation was made for another tool.', showAnew: false },
  other_arguments: {
    message: 'This confirmation was made for other arguments than those given now.',
    showAnew: true,
  },
  changed: { message: 'What the preview showed has changed since it was confirmed.', showAnew: true },
  used: { message: 'This confirmation was used already, and each is good for one call.', showAnew: false },
};

/**
 * The refusal of a confirmation, each with its own sentence, with a fresh preview where the person may simply decide again.
 * @param fresh the preview, where it has been read.
 */
export async function refuseConfirmation(job: Job, fault: Fault, fresh?: Preview): Promise<ToolResult> {
  const { message, showAnew } = FAULTS[fault];
  const { tool, request } = job;
  const preview = fresh ?? (showAnew ? await readPreview(job, openContext(job)) : undefined);
  const kind = `confirmation_${fault}`;
  if (preview === undefined || 'content' in preview) {
    const again =
      request.asking.way === 'token'
        ? `call ${tool.name} without confirmToken to see what it would do now and to get a new one.`
        : `call ${tool.name} again: it is asked anew, as things are now.`;
    const look = fault === 'used' ? 'Read back what it did. If it is wanted once more, ' : 'If it is wanted, ';
    return refusal(kind, message, `${look}${again}`);
  }
  if (request.asking.way !== 'token') {
    const account = {
      confirmation: { required: true, preview: showPreview(preview) },
      untrustedFields: OUTSIDE_TEXT,
    };
    return withAccount(
      refusal(kind, message, `Call ${tool.name} again: it is asked anew, as things are now.`),
      account,
    );
  }
  const step = `Show the new preview to the person you work for; on their yes call ${tool.name} again with these arguments and the new confirmToken.`;
  const { nextStep: _, ...account } = await offer(job, preview);
  return withAccount(refusal(kind, message, step), account);
}
