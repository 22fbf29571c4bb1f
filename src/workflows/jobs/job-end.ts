import { HeyReachError } from '../../client/index.ts';
import type { Job } from '../../mcp/services/job.ts';
import type { JobCall } from '../../mcp/services/job-host.ts';
import type { ChunkWork, ToolOutput } from '../../mcp/tool.ts';
import { describeJob } from './job-answer.ts';
import type { JobEvent, JournaledJob } from './job-events.ts';
import type { JobRun } from './job-registry.ts';
import type { JobEnd } from './running-job.ts';
import type { SentChunks } from './send-chunks.ts';

/** How work ended. */
export type Ended = { ok: true; output: ToolOutput } | { ok: false; error: unknown };

/** The last line of a run. */
export function endedEvent(
  { run }: JobRun,
  { done, total, requests, partial }: Pick<JournaledJob, 'done' | 'total' | 'requests' | 'partial'>,
  end: JobEnd,
): JobEvent {
  return { type: 'ended', at: new Date().toISOString(), run, done, total, requests, partial, ...end };
}

/** The end of a job whose work came to its end. */
export function jobEndOf({ resultOf, failureOf }: JobCall, output: ToolOutput): JobEnd {
  const result = resultOf(output);
  return output.error === undefined
    ? { state: 'done', result }
    : { state: 'failed', result, failure: failureOf(output.error) };
}

/** The result of chunks that ended within their call. @throws an error that is a defect. */
export function outputOf(job: Job, work: ChunkWork, { results, error }: SentChunks): ToolOutput {
  if (error !== undefined && !(error instanceof HeyReachError)) throw error;
  const output = work.report(results);
  if (job.state === 'done') return output;
  const data = { ...output.data, ...describeJob({ ...job, partial: undefined }) };
  return error === undefined ? { ...output, data } : { ...output, data, error };
}

/** A read that a shutdown ended within its call. */
export function serverEnds(kind: string): HeyReachError {
  return new HeyReachError({
    kind: 'cancelled',
    outcome: 'not_sent',
    message: 'The server is shutting down before the work was done.',
    meaning: 'Nothing was changed.',
    nextStep: `Call ${kind} again.`,
  });
}

/** Waits for work, and keeps its error. */
export function settleWork(work: Promise<ToolOutput>): Promise<Ended> {
  return work.then(
    (output) => ({ ok: true, output }),
    (error: unknown) => ({ ok: false, error }),
  );
}
