import * as z from 'zod';
import { markOwn, outsideString } from '../../client/operations/fields.ts';
import { lazy } from '../../lib/lazy.ts';
import { integer, textId } from '../../mcp/arguments/fields.ts';
import type { Job } from '../../mcp/services/job.ts';
import { defineTool, type ToolContext, type ToolOutput } from '../../mcp/tool.ts';
import { describeJob, jobOutputs } from '../../workflows/jobs/job-answer.ts';
import { unknownJob } from '../../workflows/jobs/job-registry.ts';
import { tableOutput, toTable } from '../../workflows/shared/table.ts';
import { waitMsOf } from '../../workflows/shared/work-time.ts';

const SECOND_MS = 1_000;

const failure = lazy(() =>
  z.looseObject({ kind: z.string(), message: outsideString, meaning: z.string(), outcome: z.string() }),
);

export const getJob = defineTool({
  name: 'get_job',
  title: 'Get a job',
  description: 'Waits for a job and returns result or progress. Without jobId lists all jobs.',
  toolset: 'workflows',
  risk: 'read',
  retry: 'safe',
  confirmation: 'never',
  input: () => ({
    jobId: textId('job.id', 40).optional(),
    waitSeconds: integer('Wait, 0 to 45, default 45', 0, 45).default(45),
  }),
  output: () =>
    z.looseObject({
      ...jobOutputs(),
      result: markOwn(z.looseObject({})).optional().describe('result of the tool that began the job'),
      failure: failure().optional(),
      ...z.object(tableOutput('own')).partial().shape,
    }),
  async run({ jobId, waitSeconds }, context) {
    if (jobId === undefined) return { data: { ...listJobs(await context.jobs.list()) } };
    const job = await waitFor(jobId, waitSeconds * SECOND_MS, context);
    if (job === undefined) throw unknownJob(jobId, context.jobs.areDurable);
    return outputOf(job);
  },
});

/** Waits until a job has ended, and sends its progress once a second. */
async function waitFor(id: string, waitMs: number, { jobs, call, progress }: ToolContext): Promise<Job | undefined> {
  const until = Date.now() + Math.min(waitMs, waitMsOf(call));
  for (let shown = -1; ; ) {
    const job = await jobs.find(id);
    const left = until - Date.now();
    if (job?.state !== 'running' || left <= 0 || call.signal?.aborted) return job;
    // The protocol wants each value to be larger than the one before.
    if (job.done > shown) await progress(job.done, job.total ?? job.done, `${job.kind}: ${job.done} done`);
    shown = Math.max(shown, job.done);
    await jobs.waitForEnd(id, Math.min(SECOND_MS, left));
  }
}

function outputOf(job: Job): ToolOutput {
  const { result, failure } = job;
  const untrustedFields = result?.untrustedFields.map((path) => `result.${path}`);
  return {
    data: { ...describeJob(job), result: result?.structured, failure },
    ...(untrustedFields === undefined ? {} : { untrustedFields }),
    links: result?.links,
  };
}

function listJobs(jobs: readonly Job[]) {
  return toTable(jobs, {
    id: ({ id }) => id,
    kind: ({ kind }) => kind,
    state: ({ state }) => state,
    target: ({ target }) => target,
    done: ({ done }) => done,
    total: ({ total }) => total,
    etaSeconds: ({ etaSeconds }) => etaSeconds,
    startedAt: ({ startedAt }) => startedAt,
  });
}
