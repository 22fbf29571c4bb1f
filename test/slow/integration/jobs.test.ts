import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { startLines } from '../../support/clients/cancellation.ts';
import { CLIENTS, type Progress } from '../../support/clients/clients.ts';
import { serveSlowInbox } from '../../support/heyreach/slow-inbox.ts';
import { beginJob, jobIn, useJobPrograms, waitForJob } from '../../support/programs/job-programs.ts';
import { TEST_KEY } from '../../support/runs/keys.ts';
import { cellsOf } from '../../support/runs/run-scope.ts';

const at = useJobPrograms();

describe.each(cellsOf(CLIENTS))('over $transport with $client', ({ transport, client }) => {
  test('a job sends growing progress and returns its result', async () => {
    const inbox = serveSlowInbox(at.stub, { delayMs: 100 });
    const peer =
      transport === 'stdio' ? await at.startStdio(client) : await at.connect(await at.startHttp(), TEST_KEY, client);
    const { id } = await beginJob(peer);
    const seen: number[] = [];
    const note = ({ progress }: Progress) => seen.push(progress);
    // A call that a busy machine delays sees only one step.
    while (seen.length < 2) {
      seen.length = 0;
      const running = await peer.callTool('get_job', { jobId: id }, { onprogress: note });
      expect(jobIn(running)).toMatchObject({ id, state: 'running' });
      expect([...new Set(seen)].sort((a, b) => a - b)).toEqual(seen);
    }
    inbox.finish();
    const done = await waitForJob(peer, id);
    expect(done.structuredContent?.result).toMatchObject({ scanned: inbox.pages() });
  });
});

test('another call of the key gets its result in less than 2 s while a job runs', async () => {
  const inbox = serveSlowInbox(at.stub, { conversations: 100_000 });
  const peer = await at.startStdio();
  const { id } = await beginJob(peer);
  // Background work may use 240 requests a minute, one of them for the blacklist.
  await expect.poll(() => inbox.pages()).toBe(239);
  const took: number[] = [];
  for (let call = 0; call < 40; call += 1) {
    const startedAt = performance.now();
    await peer.callTool('list_campaigns');
    took.push(performance.now() - startedAt);
  }
  // One call may be slow because the machine pauses. Waits for the permits of the job would slow all calls.
  expect(took.toSorted((a, b) => a - b).at(-2)).toBeLessThan(2_000);
  expect(jobIn(await peer.callTool('cancel_job', { jobId: id }))).toMatchObject({ state: 'cancelled' });
});

describe('the end of the server while a job runs', () => {
  test('after SIGKILL, the next process reports the job as interrupted', async () => {
    serveSlowInbox(at.stub, { delayMs: 30 });
    const program = await at.startHttp();
    const { id } = await beginJob(await at.connect(program));
    const exit = once(program.process, 'exit');
    program.process.kill('SIGKILL');
    await exit;
    expect(at.journalOf(id).map(({ type }) => type)).not.toContain('ended');

    const peer = await at.startStdio();
    const { structuredContent } = await peer.callTool('get_job', { jobId: id });
    expect(structuredContent).toMatchObject({
      job: { id, state: 'interrupted' },
      nextStep: 'Call list_unanswered again with the same arguments.',
    });
    expect(at.journalOf(id).at(-1)).toMatchObject({ type: 'ended', state: 'interrupted' });
  });

  test('does not affect the job of another process with the same folder', async () => {
    serveSlowInbox(at.stub, { delayMs: 30 });
    const [first, second] = [await at.startStdio(), await at.startStdio()];
    const { id } = await beginJob(first);
    expect(jobIn(await second.callTool('get_job', { jobId: id, waitSeconds: 0 }))).toMatchObject({ state: 'running' });
    const { structuredContent } = await second.callTool('cancel_job', { jobId: id });
    expect(structuredContent?.error).toMatchObject({ kind: 'busy', outcome: 'not_sent' });
    expect(jobIn(await first.callTool('cancel_job', { jobId: id }))).toMatchObject({ state: 'cancelled' });
    expect(jobIn(await second.callTool('get_job', { jobId: id }))).toMatchObject({ state: 'cancelled' });
  });

  test('SIGTERM interrupts the job and answers a waiting get_job', async () => {
    serveSlowInbox(at.stub, { delayMs: 30 });
    // get_job must still be waiting when the signal arrives.
    const program = await at.startHttp({ HEYREACH_TOOL_TIMEOUT_SECONDS: '8' });
    const peer = await at.connect(program);
    const { id } = await beginJob(peer);
    const seen: Progress[] = [];
    const waiting = peer.callTool('get_job', { jobId: id }, { onprogress: (progress) => seen.push(progress) });
    await expect.poll(() => seen.length).toBeGreaterThan(0);
    expect(await program.stop()).toBe(0);
    expect(jobIn(await waiting)).toMatchObject({ state: 'interrupted' });
    expect(at.journalOf(id).at(-1)).toMatchObject({ type: 'ended', state: 'interrupted' });
  });

  test('the end of stdin interrupts the job, and the process exits', async () => {
    serveSlowInbox(at.stub, { delayMs: 30 });
    const host = await startLines('2025', { upstream: at.stub.url, env: at.environment() });
    host.call('list_unanswered', { linkedInAccountIds: [170001] });
    await expect.poll(() => host.stdout()).toContain('get_job jobId=');
    const [, id = ''] = /get_job jobId=(\w+)/.exec(host.stdout()) ?? [];
    const exit = once(host.child, 'exit');
    host.child.stdin!.end();
    expect(await exit).toEqual([0, null]);
    expect(at.journalOf(id).at(-1)).toMatchObject({ type: 'ended', state: 'interrupted' });
  });

  test.each(['SIGTERM', 'the end of stdin'])('by %s: the job ends although its client reads nothing', async (end) => {
    const inbox = serveSlowInbox(at.stub, { delayMs: 30 });
    const { child, send, call } = await startLines('2025', { upstream: at.stub.url, env: at.environment() });
    const exit = once(child, 'exit');
    child.stdout!.pause();
    // The answers fill the pipe.
    send(...Array.from({ length: 40 }, (_, index) => ({ jsonrpc: '2.0', id: `list ${index}`, method: 'tools/list' })));
    call('list_unanswered', { linkedInAccountIds: [170001] }, true);
    const begun = () => readdirSync(at.folder, { recursive: true }).find((name) => String(name).endsWith('.jsonl'));
    await expect.poll(begun).toBeDefined();
    const id = String(begun()).slice(-18, -6);
    const pages = inbox.pages();
    // The job continues.
    await expect.poll(() => inbox.pages()).toBeGreaterThan(pages + 20);
    if (end === 'SIGTERM') child.kill(end);
    else child.stdin!.end();
    await expect.poll(() => at.journalOf(id).at(-1)).toMatchObject({ type: 'ended', state: 'interrupted' });
    // After the end of stdin, a client can still read its answers.
    if (end !== 'SIGTERM') child.stdout!.resume();
    expect(await exit).toEqual([0, null]);
  });
});

test('without HEYREACH_STATE_DIR the job is only in memory, and the result says so', async () => {
  serveSlowInbox(at.stub, { delayMs: 30 });
  const peer = await at.startStdio('v1', { HEYREACH_STATE_DIR: '' });
  const begun = await peer.callTool('list_unanswered', { linkedInAccountIds: [170001] });
  expect(begun.structuredContent?.nextStep).toContain('the job is kept in memory and lost when this server ends');
  expect(readdirSync(at.folder)).toEqual([]);
  const unknown = await peer.callTool('get_job', { jobId: 'ffffffffffff' });
  expect(unknown.content[0]?.text).toContain('HEYREACH_STATE_DIR is not set, so jobs end with the server.');
});

test('without get_job, work ends with its call', async () => {
  serveSlowInbox(at.stub, { delayMs: 30 });
  const peer = await at.startStdio('v1', {
    HEYREACH_EXCLUDE_TOOLS: 'get_job,cancel_job',
    HEYREACH_TOOL_TIMEOUT_SECONDS: '8',
  });
  const { structuredContent } = await peer.callTool('list_unanswered', { linkedInAccountIds: [170001] });
  expect(structuredContent).not.toHaveProperty('job');
  expect(structuredContent).toMatchObject({ nextCursor: expect.any(String), incomplete: expect.any(Array) });
});

test('the server does not start with an unusable folder', async () => {
  await expect(at.startHttp({ HEYREACH_STATE_DIR: join(at.folder, 'a', 'b') })).rejects.toThrow(
    /ended with 2: .*HEYREACH_STATE_DIR: .* cannot be created \(ENOENT for its parent folder\)/,
  );
});
