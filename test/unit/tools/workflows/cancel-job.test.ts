import { describe, expect, test } from 'vitest';
import { serveSlowInbox } from '../../../support/heyreach/slow-inbox.ts';
import { useFastTime } from '../../../support/runs/fast-time.ts';
import { useToolHarness } from '../../../support/tools/tool-harness.ts';

describe('cancel_job', () => {
  const wire = useToolHarness(undefined, { HEYREACH_TOOL_TIMEOUT_SECONDS: '3' });
  useFastTime();

  test('ends a job and its requests, and returns its progress', async () => {
    const inbox = serveSlowInbox(wire.stub, { delayMs: 40 });
    const begun = await wire.call('list_unanswered', { linkedInAccountIds: [170001] });
    const { id } = (begun.structuredContent as { job: { id: string } }).job;
    const ended = await wire.call('cancel_job', { jobId: id });
    expect(ended.isError).toBeFalsy();
    expect(ended.structuredContent).toMatchObject({
      job: { id, state: 'cancelled' },
      partial: { progress: expect.stringMatching(/conversations read$/) },
      nextStep: 'Call list_unanswered again with the same arguments.',
    });
    const { pages } = inbox;
    const before = pages();
    // A request that was answered meanwhile is the last one.
    await wire.call('check_api_key');
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(pages()).toBeLessThanOrEqual(before + 1);
    // A repeated call returns the same state.
    expect((await wire.call('cancel_job', { jobId: id })).structuredContent).toMatchObject({
      job: { state: 'cancelled' },
    });
  });

  test('reports an unknown job', async () => {
    const result = await wire.call('cancel_job', { jobId: 'ffffffffffff' });
    expect(result.structuredContent?.error).toMatchObject({ kind: 'not_found', outcome: 'not_sent' });
    expect(wire.sent()).toEqual([]);
  });
});
