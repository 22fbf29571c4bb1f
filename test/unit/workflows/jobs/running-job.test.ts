import { expect, test } from 'vitest';
import type { JobCall } from '../../../../src/mcp/services/job-host.ts';
import type { ToolContext } from '../../../../src/mcp/tool.ts';
import { RunningJob } from '../../../../src/workflows/jobs/running-job.ts';

test('drops a total that was exceeded, and never returns a negative estimate', async () => {
  const call = { kind: 'check_contacted', outlive() {} } as unknown as JobCall;
  const job = new RunningJob({ call });
  const context = { call: {}, progress: async () => {}, wait: async () => {} } as unknown as ToolContext;
  const { progress } = job.contextFor(context);
  await progress(10, 16, 'requests');
  expect(job.snapshot()).toMatchObject({ done: 10, total: 16, etaSeconds: expect.any(Number) });
  await progress(16, 16, 'requests');
  expect(job.snapshot()).toMatchObject({ done: 16, total: 16, etaSeconds: 0 });
  // The next phase was not announced.
  await progress(56, 56, 'requests');
  expect(job.snapshot()).toMatchObject({ done: 56, total: undefined, etaSeconds: undefined });
  await progress(60, 900, 'requests');
  expect(job.snapshot()).toMatchObject({ done: 60, total: 900 });
});
