import { expect, test } from 'vitest';
import type { Job } from '../../../../src/mcp/services/job.ts';
import { announceJob, describeJob } from '../../../../src/workflows/jobs/job-answer.ts';
import { ADA, jobsOf } from '../../../support/tools/job-calls.ts';
import { startJobs } from '../../../support/tools/jobs.ts';

const RUNNING: Job = {
  id: '0123456789ab',
  kind: 'list_unanswered',
  state: 'running',
  startedAt: '2026-06-15T10:00:00Z',
  done: 1,
  requests: 1,
};

test('the next step of a job names its workspace if there are several', () => {
  expect(describeJob(RUNNING).nextStep).toBe('get_job jobId=0123456789ab');
  const inWorkspace = { ...RUNNING, workspace: 'acme' };
  expect(describeJob(inWorkspace).nextStep).toBe('get_job jobId=0123456789ab workspace=acme');
  expect(announceJob({ ...inWorkspace, etaSeconds: 90 }, true).nextStep).toBe(
    'get_job jobId=0123456789ab workspace=acme (about 2 min)',
  );
});

test('a call finds its jobs with the workspace in its arguments', async () => {
  const jobs = startJobs();
  const own = jobsOf(jobs);
  const output = own.runChunks(
    {
      target: 'list 1',
      plan: {},
      chunks: 1,
      send: async () => ({}),
      report: () => ({ data: {} }),
    },
    { call: { deadline: Date.now() + 54_000 }, progress: async () => {} } as never,
  );
  await output;
  const call = {
    owner: ADA,
    kind: 'get_job',
    workspace: 'acme',
    resultOf: () => ({ structured: {}, untrustedFields: [] }),
  };
  const [job] = await jobs.ofCall(call as never).list();
  expect(job).toMatchObject({ kind: 'import_leads', state: 'done', workspace: 'acme' });
  expect(await jobs.ofCall(call as never).find(job!.id)).toMatchObject({ workspace: 'acme' });
});
