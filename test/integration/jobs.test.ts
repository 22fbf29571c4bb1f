import { describe, expect, test } from 'vitest';
import type { Progress } from '../support/clients/clients.ts';
import { serveSlowInbox } from '../support/heyreach/slow-inbox.ts';
import { beginJob, jobIn, useJobPrograms, waitForJob } from '../support/programs/job-programs.ts';
import { useFastTimeByDefault } from '../support/runs/fast-time.ts';

const OTHER_KEY = 'another-key-of-another-workspace-123';
const at = useJobPrograms();

describe('over stdio', () => {
  useFastTimeByDefault();

  test('long work continues as a job, and its result is available after a restart', async () => {
    const inbox = serveSlowInbox(at.stub, { delayMs: 300 });
    const peer = await at.startStdio();
    const job = await beginJob(peer);
    expect(job).toMatchObject({ state: 'running', total: 1_000 });
    const seen: Progress[] = [];
    const waiting = waitForJob(peer, job.id, (progress) => seen.push(progress));
    await expect.poll(() => seen.length).toBeGreaterThan(0);
    inbox.finish();
    const done = await waiting;
    expect(done.structuredContent).toMatchObject({
      job: { id: job.id, state: 'done' },
      result: { scanned: inbox.pages() },
      // The inbox reports more conversations than it returns, so the result also has incomplete.
      untrustedFields: ['result.rows[][]', 'result.incomplete[].reason'],
    });
    await peer.close();

    const next = await at.startStdio();
    const again = await next.callTool('get_job', { jobId: job.id, waitSeconds: 0 });
    expect(again.structuredContent?.result).toEqual(done.structuredContent?.result);
  });
});

test('a job leaves a fifth of the rate limit to other calls of the key', async () => {
  const inbox = serveSlowInbox(at.stub, { conversations: 100_000 });
  const peer = await at.startStdio();
  const job = await beginJob(peer);
  // Background work may use 240 requests a minute, and the blacklist takes one of them. The next page waits for a
  // permit, and other calls do not.
  await expect.poll(() => inbox.pages()).toBe(239);
  for (let call = 0; call < 20; call += 1) expect((await peer.callTool('list_campaigns')).isError).toBeFalsy();
  expect(inbox.pages()).toBe(239);
  expect(jobIn(await peer.callTool('cancel_job', { jobId: job.id }))).toMatchObject({ state: 'cancelled' });
});

describe('over HTTP', () => {
  useFastTimeByDefault();

  test('a job is invisible to another key, and SIGTERM interrupts it', async () => {
    serveSlowInbox(at.stub, { delayMs: 30 });
    const program = await at.startHttp();
    const peer = await at.connect(program, undefined, 'v2-modern');
    const { id } = await beginJob(peer);
    const other = await at.connect(program, OTHER_KEY, 'v2-modern');
    for (const tool of ['get_job', 'cancel_job']) {
      const { structuredContent } = await other.callTool(tool, { jobId: id });
      expect(structuredContent?.error).toMatchObject({ kind: 'not_found', message: `no such job: ${id}` });
    }
    expect((await other.callTool('get_job')).structuredContent?.rows).toEqual([]);
    expect(jobIn(await peer.callTool('get_job', { jobId: id, waitSeconds: 0 }))).toMatchObject({ state: 'running' });

    const waiting = peer.callTool('get_job', { jobId: id });
    // The call is in flight before the signal.
    await other.callTool('get_job');
    expect(await program.stop()).toBe(0);
    expect(['running', 'interrupted']).toContain(jobIn(await waiting).state);
    expect(at.journalOf(id).at(-1)).toMatchObject({ type: 'ended', state: 'interrupted' });
  });
});
