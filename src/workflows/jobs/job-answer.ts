import * as z from 'zod';
import { markOwn } from '../../client/operations/fields.ts';
import { lazy } from '../../lib/lazy.ts';
import type { Job } from '../../mcp/services/job.ts';

const MINUTE_S = 60;

/** A job in a result. */
const jobOutput = lazy(() =>
  z.looseObject({
    id: z.string(),
    kind: z.string().describe('the tool that began it'),
    state: z.enum(['running', 'done', 'failed', 'cancelled', 'interrupted']),
    done: z.number(),
    total: z.number().optional(),
    requests: z.number(),
    etaSeconds: z.number().optional(),
  }),
);

/** The fields of a result that a job takes the place of: the call goes on as a job, and get_job has its result. */
export const jobOutputs = lazy(() => ({
  job: jobOutput().optional().describe('The work goes on. Get its result with get_job.'),
  partial: z
    .looseObject({ progress: markOwn(z.string()).optional() })
    .optional()
    .describe('what is known so far'),
  nextStep: z.string().optional(),
}));

/** The fields of a result where the preview of a call can go on as a job. */
export const previewJobOutputs = lazy(() => ({
  ...jobOutputs(),
  confirmToken: markOwn(z.string()).optional().describe('of a preview that went on as a job'),
}));

const IN_MEMORY = 'HEYREACH_STATE_DIR is not set: the job is kept in memory and lost when this server ends.';

/** A job with what is known so far and the next step. A job that is done has its result instead. */
export function describeJob(job: Job) {
  const { id, kind, state, done, total, requests, etaSeconds, partial } = job;
  const isDone = state === 'done';
  return {
    job: { id, kind, state, done, total, requests, etaSeconds },
    ...(isDone ? {} : { partial, nextStep: nextStepOf(job) }),
  };
}

/** The result of a call that goes on as a job. @param isDurable whether jobs outlive the process. */
export function announceJob(job: Job, isDurable: boolean) {
  const described = describeJob(job);
  return isDurable ? described : { ...described, nextStep: `${described.nextStep ?? ''}. ${IN_MEMORY}` };
}

function nextStepOf({ id, kind, workspace, state, target, etaSeconds, failure }: Job): string {
  const getJob = `get_job jobId=${id}${workspace === undefined ? '' : ` workspace=${workspace}`}`;
  switch (state) {
    case 'running':
      return `${getJob}${etaSeconds === undefined ? '' : ` (about ${inWords(etaSeconds)})`}`;
    case 'done':
      return `${getJob} has its result`;
    case 'failed':
      return `${failure?.nextStep ?? 'Call again.'}${target === undefined ? '' : ` ${resumeStep(kind, id)}`}`;
    case 'cancelled':
    case 'interrupted':
      return target === undefined ? `Call ${kind} again with the same arguments.` : resumeStep(kind, id);
  }
}

function resumeStep(kind: string, id: string): string {
  return `Call ${kind} with the same arguments and resumeJob=${id}: chunks with an outcome are not sent again.`;
}

function inWords(seconds: number): string {
  return seconds < MINUTE_S ? `${Math.max(1, seconds)} s` : `${Math.round(seconds / MINUTE_S)} min`;
}
