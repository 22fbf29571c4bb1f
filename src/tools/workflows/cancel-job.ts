import * as z from 'zod';
import { HeyReachError } from '../../client/index.ts';
import { textId } from '../../mcp/arguments/fields.ts';
import { defineTool } from '../../mcp/tool.ts';
import { describeJob, jobOutputs } from '../../workflows/jobs/job-answer.ts';
import { unknownJob } from '../../workflows/jobs/job-registry.ts';
import { workMsOf } from '../../workflows/shared/work-time.ts';

export const cancelJob = defineTool({
  name: 'cancel_job',
  title: 'Cancel a job',
  description: 'Cancels a job; a write finishes its chunk first.',
  toolset: 'workflows',
  risk: 'stop',
  retry: 'idempotent',
  // It makes no request.
  verifyAfterRetry: null,
  confirmation: 'never',
  input: () => ({ jobId: textId('job.id', 40) }),
  output: () => z.looseObject(jobOutputs()),
  async run({ jobId }, { jobs, call }) {
    const jobBefore = await jobs.find(jobId);
    if (jobBefore === undefined) throw unknownJob(jobId, jobs.areDurable);
    if (jobBefore.state === 'running') {
      if (!(await jobs.cancel(jobId))) throw runsElsewhere(jobId);
      await jobs.waitForEnd(jobId, workMsOf(call));
    }
    const job = (await jobs.find(jobId)) ?? jobBefore;
    return { data: describeJob(job) };
  },
});

function runsElsewhere(id: string): HeyReachError {
  return new HeyReachError({
    kind: 'busy',
    outcome: 'not_sent',
    message: `Job ${id} runs in another process of this server.`,
    meaning: 'It was not cancelled.',
    nextStep: 'Cancel it through the client that began it, or end that client.',
  });
}
