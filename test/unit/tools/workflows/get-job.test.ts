import { describe, expect, test, vi } from 'vitest';
import type { ToolContext } from '../../../../src/mcp/tool.ts';
import { getJob } from '../../../../src/tools/workflows/get-job.ts';
import { serveSlowInbox } from '../../../support/heyreach/slow-inbox.ts';
import { useFastTime } from '../../../support/runs/fast-time.ts';
import { onlyInFullRun } from '../../../support/runs/run-scope.ts';
import { rowsOf } from '../../../support/tools/tables.ts';
import { useToolHarness } from '../../../support/tools/tool-harness.ts';

/** A call has 80 % of 2 s, so its work becomes a job after 1.6 s. */
const SHORT = { HEYREACH_TOOL_TIMEOUT_SECONDS: '3' };
const ONE_SENDER = { linkedInAccountIds: [170001] };

interface Job {
  id: string;
  state: string;
  done: number;
  total: number;
  requests: number;
  etaSeconds: number;
}
const jobIn = (result: { structuredContent?: Record<string, unknown> }) => result.structuredContent?.job as Job;

describe('get_job', () => {
  const wire = useToolHarness(undefined, SHORT);
  useFastTime();

  test('returns the result of a list_unanswered call that continues as a job', async () => {
    const inbox = serveSlowInbox(wire.stub, { delayMs: 40 });
    const begun = await wire.call('list_unanswered', { ...ONE_SENDER, limit: 1 });
    const job = jobIn(begun);
    expect(begun.isError).toBeFalsy();
    expect(job).toMatchObject({ kind: 'list_unanswered', state: 'running', total: 1_000 });
    expect(job.done).toBeGreaterThan(0);
    expect(job.etaSeconds).toBeGreaterThan(10);
    expect(begun.structuredContent).toMatchObject({
      partial: { progress: expect.stringMatching(/^\d+ conversations read$/) },
      nextStep: expect.stringMatching(
        new RegExp(`^get_job jobId=${job.id} \\(about \\d+ (s|min)\\)\\. HEYREACH_STATE_DIR`),
      ),
    });

    const running = await wire.call('get_job', { jobId: job.id, waitSeconds: 0 });
    expect(jobIn(running)).toMatchObject({ id: job.id, state: 'running' });
    expect(running.structuredContent).not.toHaveProperty('result');
    const listed = await wire.call('get_job');
    expect(rowsOf(listed)).toMatchObject([{ id: job.id, kind: 'list_unanswered', state: 'running' }]);

    inbox.finish();
    let done = await wire.call('get_job', { jobId: job.id });
    if (jobIn(done).state === 'running') done = await wire.call('get_job', { jobId: job.id });
    expect(jobIn(done)).toMatchObject({ state: 'done', done: inbox.pages(), requests: wire.sent().length });
    const result = done.structuredContent?.result as Record<string, unknown>;
    expect(result).toMatchObject({ scanned: inbox.pages(), waiting: inbox.pages() });
    expect(rowsOf({ content: [], structuredContent: result })).toHaveLength(1);
    // The next page reads the window again, and becomes a job if necessary.
    expect(result.nextCursor).toEqual(expect.any(String));
    expect(done.structuredContent).not.toHaveProperty('partial');
  });

  test('reports an unknown job', async () => {
    const result = await wire.call('get_job', { jobId: 'ffffffffffff' });
    expect(result.isError).toBe(true);
    expect(result.structuredContent?.error).toMatchObject({
      kind: 'not_found',
      message: 'no such job: ffffffffffff',
      nextStep: 'List the jobs of this key with get_job, without jobId.',
      outcome: 'not_sent',
    });
    expect(wire.sent()).toEqual([]);
  });

  test('says why a job failed', async () => {
    let fail = () => {};
    const hasBegun = new Promise<void>((resolve) => {
      fail = resolve;
    });
    wire.stub.answer(async () => {
      await hasBegun;
      return { status: 403, body: { errorMessage: 'Not your workspace' } };
    });
    const begun = await wire.call('list_unanswered', ONE_SENDER);
    fail();
    const failed = await wire.call('get_job', { jobId: jobIn(begun).id });
    const waited = jobIn(failed).state === 'running' ? await wire.call('get_job', { jobId: jobIn(begun).id }) : failed;
    expect(waited.isError).toBeFalsy();
    expect(jobIn(waited)).toMatchObject({ state: 'failed' });
    expect(waited.structuredContent).toMatchObject({
      failure: { kind: 'forbidden', message: 'Not your workspace', outcome: 'refused' },
      nextStep: expect.any(String),
    });
  });
});

test.each([
  [45, 54, 45],
  [20, 54, 20],
  [45, 10, 8.5],
])('with waitSeconds %d and %d s left, get_job waits %d s', async (waitSeconds, secondsLeft, waited) => {
  vi.useFakeTimers();
  try {
    const startedAt = Date.now();
    const jobs = {
      find: async () => ({ id: 'one', kind: 'import_leads', state: 'running', done: 1 }),
      waitForEnd: async (_id: string, ms: number) => void vi.setSystemTime(Date.now() + ms),
    };
    const context = { jobs, call: { deadline: startedAt + secondsLeft * 1_000 }, progress: async () => {} };
    await getJob.run({ jobId: 'one', waitSeconds }, context as unknown as ToolContext);
    expect(Date.now() - startedAt).toBe(waited * 1_000);
  } finally {
    vi.useRealTimers();
  }
});

// Every run uses the result of list_unanswered, which contains outside text.
describe.each(onlyInFullRun(['get_performance']))('get_job for the report of %s', () => {
  const wire = useToolHarness(undefined, SHORT);
  useFastTime();

  test('returns the result of get_performance, and marks nothing in it as outside text', async () => {
    let goOn = () => {};
    const hasBegun = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    wire.stub.answer(async ({ path }) => {
      if (!path.includes('/stats/')) return { body: { items: [], totalCount: 0 } };
      await hasBegun;
      return {
        body: { overallStats: [{ campaignId: 1, campaignName: 'One', connectionsSent: 40 }], byDayStats: {} },
      };
    });
    const begun = await wire.call('get_performance');
    goOn();
    const { structuredContent } = await wire.call('get_job', { jobId: jobIn(begun).id });
    expect(structuredContent?.job).toMatchObject({ kind: 'get_performance', state: 'done' });
    expect(structuredContent?.result).toMatchObject({ totalRows: 1, totals: { sent: 40 } });
  });
});
