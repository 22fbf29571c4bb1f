import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { HeyReachError } from '../../../../src/client/index.ts';
import type { ChunkWork, ToolContext, ToolOutput } from '../../../../src/mcp/tool.ts';
import { type JobStore, jobsInMemory } from '../../../../src/workflows/jobs/job-store.ts';
import type { Jobs } from '../../../../src/workflows/jobs/jobs.ts';
import { ADA, callContext, chunkWork, GRACE, gate, jobsOf, startedEvent } from '../../../support/tools/job-calls.ts';
import { startJobs } from '../../../support/tools/jobs.ts';

const SECOND = 1_000;
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);
const failureOf = (outcome: 'not_sent' | 'refused' | 'unknown') =>
  new HeyReachError({ kind: 'server_error', outcome, message: `it was ${outcome}`, meaning: '', nextStep: 'Wait.' });

let store: JobStore;
let jobs: Jobs;
beforeEach(() => {
  vi.useFakeTimers();
  store = jobsInMemory();
  jobs = startJobs(store);
});
afterEach(() => void vi.useRealTimers());

const run = (work: ChunkWork, further: Partial<ToolContext> = {}, of = jobs) => {
  const output = jobsOf(of).runChunks(work, callContext(further));
  output.catch(() => {});
  return output;
};
const idIn = ({ data }: ToolOutput) => (data.job as { id: string }).id;
const typesOf = async (id: string) => (await store.read(ADA, id)).map(({ type }) => type);

/** Work that waits at a chunk until the test continues it. */
function heldAt(held: number, sent: string[], further: Partial<ChunkWork> = {}) {
  const { passed, open, fail } = gate();
  const arrived = gate<ToolContext>();
  const work = chunkWork(sent, further);
  const { send } = work;
  return {
    work: {
      ...work,
      async send(chunk: number, context: ToolContext, mayBeDone: boolean) {
        const result = await send(chunk, context, mayBeDone);
        if (chunk === held) {
          arrived.open(context);
          await passed;
        }
        return result;
      },
    },
    arrived: arrived.passed,
    open,
    fail,
  };
}

test('work whose chunks fit into the call returns its result in the call', async () => {
  const sent: string[] = [];
  expect(await run(chunkWork(sent))).toEqual({ data: { added: 400, recounted: [] } });
  expect(sent).toEqual(['0', '1', '2', '3']);
  expect(await jobsOf(jobs).list()).toMatchObject([{ state: 'done', target: 'list 930001', done: 4, total: 4 }]);
});

test('writes each chunk to the journal before its request is sent', async () => {
  const before: string[][] = [];
  const work = chunkWork([], {
    chunks: 2,
    async send() {
      const [id = ''] = await store.ids(ADA);
      before.push(await typesOf(id));
      return { added: 1 };
    },
  });
  await run(work);
  expect(before).toEqual([
    ['started', 'sending'],
    ['started', 'sending', 'answered', 'sending'],
  ]);
});

test('does not send a chunk that cannot be written to the journal', async () => {
  const sent: string[] = [];
  const { append } = store;
  store.append = (owner, id, event) =>
    event.type === 'sending' && event.chunk === 2 ? Promise.reject(new Error('ENOSPC')) : append(owner, id, event);
  const { error, data } = await run(chunkWork(sent));
  expect(sent).toEqual(['0', '1']);
  expect(error).toMatchObject({ kind: 'journal_unwritable' });
  expect(data).toMatchObject({ added: 200, job: { state: 'failed', done: 2, total: 4 } });
});

describe('a journal that fails after a chunk was sent', () => {
  const failAt = (type: string) => {
    const { append } = store;
    store.append = (owner, id, event) =>
      event.type === type ? Promise.reject(new Error('ENOSPC')) : append(owner, id, event);
  };

  test('leaves the outcome of an answered chunk unknown', async () => {
    failAt('answered');
    const sent: string[] = [];
    const { error, data } = await run(chunkWork(sent));
    expect(sent).toEqual(['0']);
    expect(error).toMatchObject({
      kind: 'journal_unwritable',
      outcome: 'unknown',
      meaning: 'The chunk was sent. Its outcome is not in the journal.',
    });
    expect(data).toMatchObject({ job: { state: 'failed', done: 0 } });
  });

  test('releases the target, and keeps the recorded chunks', async () => {
    const { append } = store;
    const sent: string[] = [];
    store.append = (owner, id, event) =>
      event.type === 'ended' || (event.type === 'sending' && event.chunk === 2)
        ? Promise.reject(new Error('ENOSPC'))
        : append(owner, id, event);
    const failed = await run(chunkWork(sent));
    store.append = append;
    expect(await run(chunkWork([]))).toMatchObject({ data: { added: 400 } });
    expect(await run(chunkWork(sent, { resumeJob: idIn(failed) }))).toMatchObject({ data: { added: 400 } });
    expect(sent).toEqual(['0', '1', '2', '3']);
  });

  test('does not hide the error of the chunk', async () => {
    failAt('broken');
    const { error } = await run(chunkWork([], { send: () => Promise.reject(failureOf('unknown')) }));
    expect(error).toMatchObject({ kind: 'server_error', outcome: 'unknown', message: 'it was unknown' });
  });
});

test('work that outlasts its call continues, and its partial result counts', async () => {
  const sent: string[] = [];
  const { work, open, arrived } = heldAt(2, sent);
  const outlived: AbortSignal[] = [];
  const output = jobsOf(jobs, ADA, 'import_leads', outlived).runChunks(work, callContext());
  await arrived;
  await pass(45 * SECOND);
  const { data, continuedAsJob } = await output;
  expect(data).toMatchObject({ job: { state: 'running', done: 2, total: 4 }, partial: { added: 200 } });
  // The job still makes the checks before each write.
  expect(outlived).toHaveLength(1);
  open();
  expect(await continuedAsJob).toBeUndefined();
  expect(await jobsOf(jobs).find(idIn({ data }))).toMatchObject({
    state: 'done',
    result: { structured: { added: 400 } },
  });
});

describe('a job that is cancelled', () => {
  test('ends after the current chunk, without aborting it', async () => {
    const sent: string[] = [];
    const { work, open, arrived } = heldAt(1, sent);
    const output = run(work);
    const context = await arrived;
    await pass(45 * SECOND);
    const id = idIn(await output);
    await jobsOf(jobs).cancel(id);
    await pass(SECOND);
    expect(context.call.signal?.aborted).toBe(false);
    expect(await jobsOf(jobs).find(id)).toMatchObject({ state: 'running' });
    open();
    await pass(0);
    expect(sent).toEqual(['0', '1']);
    expect(await jobsOf(jobs).find(id)).toMatchObject({ state: 'cancelled', done: 2, partial: { added: 200 } });
  });

  test('ends in the same way when its client cancels within the call', async () => {
    const client = new AbortController();
    const sent: string[] = [];
    const { work, open, arrived } = heldAt(1, sent);
    const output = run(work, { call: { signal: client.signal, deadline: Date.now() + 54_000 } });
    await arrived;
    client.abort();
    open();
    expect((await output).data).toMatchObject({ added: 200, job: { state: 'cancelled' } });
    expect(sent).toEqual(['0', '1']);
  });
});

describe('the shutdown', () => {
  test('waits until the current chunk is sent', async () => {
    const sent: string[] = [];
    const { work, open, arrived } = heldAt(1, sent);
    const output = run(work);
    const context = await arrived;
    await pass(45 * SECOND);
    const id = idIn(await output);
    const stopped = jobs.stop('detached');
    await pass(20 * SECOND);
    expect(context.call.signal?.aborted).toBe(false);
    open();
    await stopped;
    expect(await jobsOf(jobs).find(id)).toMatchObject({ state: 'interrupted', done: 2 });
    expect(await typesOf(id)).toEqual(['started', 'sending', 'answered', 'sending', 'answered', 'ended']);
  });

  test('aborts a chunk without an answer after 25 s, and its outcome is unknown', async () => {
    const { work, fail, arrived } = heldAt(0, []);
    const output = run(work);
    const { call } = await arrived;
    call.signal?.addEventListener('abort', () => fail(failureOf('unknown')));
    await pass(45 * SECOND);
    const id = idIn(await output);
    const stopped = jobs.stop('all');
    await pass(25 * SECOND);
    await stopped;
    expect(await store.read(ADA, id)).toContainEqual(expect.objectContaining({ type: 'broken', outcome: 'unknown' }));
  });

  test('does not wait for work that ignores an abort', async () => {
    const { work, arrived } = heldAt(0, []);
    void run(work);
    await arrived;
    const stopped = vi.fn();
    void jobs.stop('all').then(stopped);
    await pass(25.9 * SECOND);
    expect(stopped).not.toHaveBeenCalled();
    await pass(SECOND);
    expect(stopped).toHaveBeenCalled();
  });

  test('interrupts work whose call has ended', async () => {
    const { work, open, arrived } = heldAt(1, []);
    const output = run(work);
    await arrived;
    await jobs.stop('detached');
    await pass(45 * SECOND);
    open();
    expect((await output).data).toMatchObject({ added: 200, job: { state: 'interrupted' } });
  });
});

describe('a target', () => {
  test('has one writing job per key at a time', async () => {
    const { work, open, arrived } = heldAt(0, []);
    const first = run(work);
    await arrived;
    const sent: string[] = [];
    const [job] = await jobsOf(jobs).list();
    await expect(run(chunkWork(sent))).rejects.toMatchObject({
      kind: 'busy',
      outcome: 'not_sent',
      message: `Job ${job?.id} is writing to list 930001.`,
      nextStep: expect.stringContaining(`get_job jobId=${job?.id}`),
    });
    expect(sent).toEqual([]);
    expect(await jobsOf(jobs).list()).toHaveLength(1);
    expect(await run(chunkWork([], { target: 'list 2' }))).toMatchObject({ data: { added: 400 } });
    expect(await jobsOf(jobs, GRACE).runChunks(chunkWork([]), callContext())).toMatchObject({ data: { added: 400 } });
    open();
    await first;
    expect(await run(chunkWork(sent))).toMatchObject({ data: { added: 400 } });
  });

  test('goes to one of two simultaneous calls', async () => {
    const results = await Promise.allSettled([run(chunkWork([])), run(chunkWork([]))]);
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  test('is free after the process with the writing job was killed', async () => {
    const { work, arrived } = heldAt(0, []);
    void run(work);
    await arrived;
    const next = startJobs(store, { pid: 2, running: [2] });
    expect(await run(chunkWork([]), {}, next)).toMatchObject({ data: { added: 400 } });
  });
});

describe('a resumed job', () => {
  /** A process that is killed while a chunk is being sent. */
  async function killedAt(chunk: number, sent: string[]): Promise<string> {
    const { work, arrived } = heldAt(chunk, sent);
    void run(work);
    await arrived;
    return (await store.ids(ADA))[0]!;
  }

  test('sends the chunks without an answer, repeats at most one chunk, and marks it', async () => {
    const sent: string[] = [];
    const id = await killedAt(2, sent);
    const next = startJobs(store, { pid: 2, running: [2] });
    const output = await run(chunkWork(sent, { resumeJob: id }), {}, next);
    expect(sent).toEqual(['0', '1', '2', '2 again', '3']);
    expect(output).toEqual({ data: { added: 400, recounted: [2] } });
    expect(await jobsOf(next).list()).toMatchObject([{ id, state: 'done', done: 4 }]);
  });

  test('does not repeat a chunk that was not sent', async () => {
    const sent: string[] = [];
    for (const outcome of ['not_sent', 'refused', 'unknown'] as const) {
      const work = chunkWork(sent, { chunks: 1 });
      const failed = await run({ ...work, send: () => Promise.reject(failureOf(outcome)) });
      expect(failed.error).toMatchObject({ outcome });
      expect(failed.data.nextStep).toMatch(/^Call again\. Call import_leads .*resumeJob=[0-9a-f]{12}: chunks/);
      await run({ ...work, resumeJob: idIn(failed) });
    }
    expect(sent).toEqual(['0', '0', '0 again']);
  });

  test('keeps a chunk marked as possibly done until it is answered', async () => {
    const sent: string[] = [];
    const work = chunkWork(sent, { chunks: 1 });
    const failing = (outcome: 'not_sent' | 'unknown', resumeJob?: string) =>
      run({ ...work, resumeJob, send: () => Promise.reject(failureOf(outcome)) });
    const id = idIn(await failing('unknown'));
    await failing('not_sent', id);
    expect(await run({ ...work, resumeJob: id })).toMatchObject({ data: { recounted: [0] } });
  });

  test('must have the same plan, target, tool and key, and be neither running nor done', async () => {
    const sent: string[] = [];
    const id = await killedAt(1, sent);
    const next = startJobs(store, { pid: 2, running: [2] });
    const resumed = (further: Partial<ChunkWork>, of = next) =>
      run(chunkWork(sent, { resumeJob: id, ...further }), {}, of);
    await expect(resumed({}, jobs)).rejects.toMatchObject({ kind: 'busy', message: `Job ${id} is running.` });
    await expect(resumed({ plan: 'other rows' })).rejects.toMatchObject({ kind: 'changed', outcome: 'not_sent' });
    await expect(resumed({ target: 'list 2' })).rejects.toMatchObject({ kind: 'changed' });
    const work = chunkWork(sent, { resumeJob: id });
    for (const other of [jobsOf(next, GRACE), jobsOf(next, ADA, 'update_leads')]) {
      await expect(other.runChunks(work, callContext())).rejects.toMatchObject({ kind: 'not_found' });
    }
    expect(sent).toEqual(['0', '1']);
    await resumed({});
    await expect(resumed({})).rejects.toMatchObject({ kind: 'changed', message: `Job ${id} is done.` });
  });

  test('continues in only one of two processes', async () => {
    const sent: string[] = [];
    const id = await killedAt(1, sent);
    const others = [2, 3].map((pid) => startJobs(store, { pid, running: [2, 3] }));
    const results = await Promise.allSettled(others.map((of) => run(chunkWork(sent, { resumeJob: id }), {}, of)));
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(sent).toEqual(['0', '1', '1 again', '2', '3']);
  });

  test('is not ended by a process that saw it as interrupted before it was resumed', async () => {
    const id = '0123456789ab';
    const at = new Date().toISOString();
    await store.append(ADA, id, startedEvent(at, { pid: 9 }));
    const ended = { type: 'ended', at, run: 'first', state: 'interrupted', done: 0, requests: 0 } as const;
    await store.append(ADA, id, ended);
    await store.append(ADA, id, { type: 'resumed', at, run: 'second', pid: 1, boot: 'earlier' });
    await store.append(ADA, id, ended);
    const third = startJobs(store, { pid: 3, running: [1, 3] });
    expect(await jobsOf(third).find(id)).toMatchObject({ state: 'running' });
  });

  test('waits while another job writes to its target, and can be resumed later', async () => {
    const sent: string[] = [];
    const id = await killedAt(3, sent);
    const next = startJobs(store, { pid: 2, running: [2] });
    const { work, open, arrived } = heldAt(0, []);
    const other = run(work, {}, next);
    await arrived;
    await expect(run(chunkWork(sent, { resumeJob: id }), {}, next)).rejects.toMatchObject({ kind: 'busy' });
    expect(await jobsOf(next).find(id)).toMatchObject({ state: 'interrupted', done: 3 });
    open();
    await other;
    expect(await run(chunkWork(sent, { resumeJob: id }), {}, next)).toMatchObject({ data: { recounted: [3] } });
  });
});

test('without get_job, chunks end with their call, which names the job to resume', async () => {
  const hidden = startJobs(store, { isOffered: false });
  const sent: string[] = [];
  const { work, open, arrived } = heldAt(1, sent);
  const output = run(work, {}, hidden);
  await arrived;
  await pass(46 * SECOND);
  open();
  const { data } = await output;
  expect(data).toMatchObject({ added: 200, job: { state: 'interrupted', done: 2 } });
  expect(await run(chunkWork(sent, { resumeJob: idIn({ data }) }), {}, hidden)).toMatchObject({ data: { added: 400 } });
});

test('an internal error of the tool ends the job as failed', async () => {
  const broken = chunkWork([], { send: () => Promise.reject(new TypeError('no such field')) });
  await expect(run(broken)).rejects.toThrow(TypeError);
  expect(await jobsOf(jobs).list()).toMatchObject([{ state: 'failed', failure: { message: 'no such field' } }]);
});
