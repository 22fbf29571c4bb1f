import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { HeyReachError } from '../../../../src/client/index.ts';
import type { ToolContext, ToolOutput } from '../../../../src/mcp/tool.ts';
import { type JobStore, jobsInMemory } from '../../../../src/workflows/jobs/job-store.ts';
import type { Jobs } from '../../../../src/workflows/jobs/jobs.ts';
import { ADA, callContext, GRACE, gate, jobsOf, startedEvent } from '../../../support/tools/job-calls.ts';
import { startJobs } from '../../../support/tools/jobs.ts';

const KIND = 'list_unanswered';
const SECOND = 1_000;
const HOUR = 3_600_000;
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

let store: JobStore;
let jobs: Jobs;
beforeEach(() => {
  vi.useFakeTimers();
  store = jobsInMemory();
  jobs = startJobs(store);
});
afterEach(() => void vi.useRealTimers());

const mine = () => jobsOf(jobs, ADA, KIND);
const idIn = ({ data }: ToolOutput) => (data.job as { id: string }).id;
const cancelled = () =>
  new HeyReachError({ kind: 'cancelled', outcome: 'not_sent', message: 'cancelled', meaning: '', nextStep: '' });

/** A read that ends when the test says so, or on its signal, as a request of the client does. */
function startRead(further: Partial<ToolContext> = {}) {
  const { passed, open, fail } = gate<ToolOutput>();
  let inner!: ToolContext;
  const read = (context: ToolContext) => {
    inner = context;
    context.call.signal?.addEventListener('abort', () => fail(cancelled()));
    return passed;
  };
  const output = mine().runRead(read, callContext(further));
  output.catch(() => {});
  return { output, open, fail, context: () => inner };
}

async function startJob() {
  const started = startRead();
  await pass(45 * SECOND);
  return { ...started, id: idIn(await started.output) };
}

describe('work that fits into its call', () => {
  test('returns its result in the call, and creates no visible job', async () => {
    const { output, open } = startRead();
    await pass(42 * SECOND);
    open({ data: { waiting: 3 } });
    expect(await output).toEqual({ data: { waiting: 3 } });
    expect(await mine().list()).toEqual([]);
  });

  test('fails as it does without jobs, and the client can cancel it', async () => {
    const failing = startRead();
    failing.fail(new Error('no'));
    await expect(failing.output).rejects.toThrow('no');
    const client = new AbortController();
    const { output, context } = startRead({ call: { signal: client.signal, deadline: Date.now() + 54 * SECOND } });
    client.abort();
    await expect(output).rejects.toMatchObject({ kind: 'cancelled' });
    expect(context().call.signal?.aborted).toBe(true);
  });

  test('has 80 % of a shorter deadline', async () => {
    const { output } = startRead({ call: { deadline: Date.now() + 2 * SECOND } });
    await pass(1_599);
    expect(await mine().list()).toEqual([]);
    await pass(1);
    expect((await output).data.job).toMatchObject({ state: 'running' });
  });

  test('ends with its call if get_job is hidden', async () => {
    const hidden = jobsOf(startJobs(store, { isOffered: false }), ADA, KIND);
    const context = callContext();
    let readContext: ToolContext | undefined;
    await hidden.runRead(async (of) => {
      readContext = of;
      return { data: {} };
    }, context);
    expect(readContext).toBe(context);
  });
});

describe('work that takes longer', () => {
  test('continues as a job, and returns its progress and the next step', async () => {
    const { output, context, open } = startRead();
    await pass(42 * SECOND);
    await context().progress(1_000, 5_000, '1000 conversations read');
    context().call.observe?.({} as never);
    // The work time of a call of 54 s is 43 s.
    await pass(1 * SECOND);
    const { data } = await output;
    const { id } = data.job as { id: string };
    expect(id).toMatch(/^[0-9a-f]{12}$/);
    expect(data).toEqual({
      job: { id, kind: KIND, state: 'running', done: 1_000, total: 5_000, requests: 1, etaSeconds: 172 },
      partial: { progress: '1000 conversations read' },
      nextStep: `get_job jobId=${id} (about 3 min). HEYREACH_STATE_DIR is not set: the job is kept in memory and lost when this server ends.`,
    });
    await context().progress(5_000, 5_000, '5000 conversations read');
    open({ data: { waiting: 7 } });
    await pass(0);
    expect(await mine().find(id)).toMatchObject({
      state: 'done',
      done: 5_000,
      requests: 1,
      result: { structured: { waiting: 7 }, untrustedFields: ['rows[][]'] },
    });
  });

  test('has no deadline, and sends background requests once they are many or it is a job', async () => {
    const { context } = startRead();
    const { call } = context();
    expect(call.deadline).toBeUndefined();
    expect(call.background).toBe(false);
    for (let request = 0; request < 50; request += 1) call.observe?.({} as never);
    expect(call.background).toBe(true);
    const late = startRead();
    expect(late.context().call.background).toBe(false);
    await pass(45 * SECOND);
    expect(late.context().call.background).toBe(true);
  });

  test('sends progress at most once a second, and none after its call', async () => {
    const progress = vi.fn(async (_done: number) => {});
    const { context } = startRead({ progress });
    for (let page = 1; page <= 30; page += 1) {
      await pass(100);
      await context().progress(page, 1_000, `${page} pages`);
    }
    expect(progress.mock.calls.map(([done]) => done)).toEqual([10, 20, 30]);
    await pass(45 * SECOND);
    await context().progress(900, 1_000, '900 pages');
    expect(progress).toHaveBeenCalledTimes(3);
    expect(await mine().list()).toMatchObject([{ done: 900, total: 1_000 }]);
  });

  test('continues although its client accepts no notification', async () => {
    const { context } = startRead({ progress: () => new Promise(() => {}) });
    await pass(SECOND);
    const told = vi.fn();
    void context().progress(1, 9, '1 read').then(told);
    await pass(100);
    expect(told).toHaveBeenCalled();
  });

  test('is not ended by the client of its call any more', async () => {
    const client = new AbortController();
    const { output, context } = startRead({ call: { signal: client.signal, deadline: Date.now() + 54 * SECOND } });
    await pass(45 * SECOND);
    const id = idIn(await output);
    client.abort();
    await pass(0);
    expect(context().call.signal?.aborted).toBe(false);
    expect(await mine().find(id)).toMatchObject({ state: 'running' });
  });

  test('keeps the error that ended it', async () => {
    const { id, fail } = await startJob();
    fail(new Error('HeyReach said no'));
    await pass(0);
    expect(await mine().find(id)).toMatchObject({ state: 'failed', failure: { message: 'HeyReach said no' } });
  });

  test('can be waited for and cancelled', async () => {
    const { id } = await startJob();
    const ended = vi.fn();
    void mine()
      .waitForEnd(id, 30 * SECOND)
      .then(ended);
    await pass(29 * SECOND);
    expect(ended).not.toHaveBeenCalled();
    expect(await mine().cancel(id)).toBe(true);
    await pass(0);
    expect(ended).toHaveBeenCalled();
    expect(await mine().find(id)).toMatchObject({ state: 'cancelled' });
    expect(await mine().cancel(id)).toBe(false);
  });

  test('writes its progress to the journal every ten seconds', async () => {
    const { id, context } = await startJob();
    const progressLines = async () => (await store.read(ADA, id)).filter(({ type }) => type === 'progress');
    await context().progress(1, 9, '1 read');
    await pass(10 * SECOND);
    await context().progress(2, 9, '2 read');
    await context().progress(3, 9, '3 read');
    expect(await progressLines()).toMatchObject([{ done: 1, total: 9 }, { done: 2 }]);
  });
});

describe('jobs of a key', () => {
  test('are invisible to another key', async () => {
    const { id } = await startJob();
    const other = jobsOf(jobs, GRACE, KIND);
    expect(await other.list()).toEqual([]);
    expect(await other.find(id)).toBeUndefined();
    expect(await other.cancel(id)).toBe(false);
    expect(await mine().find(id)).toMatchObject({ state: 'running' });
  });

  test('are limited to 20: ended jobs go first, oldest first, and running jobs stay', async () => {
    const running = await startJob();
    const ids: string[] = [];
    for (let count = 0; count < 21; count += 1) {
      const { id, open } = await startJob();
      open({ data: {} });
      await pass(SECOND);
      ids.unshift(id);
    }
    const listed = (await mine().list()).map(({ id }) => id);
    expect(listed).toEqual([...ids.slice(0, 19), running.id]);
  });

  test('reject another job while 20 run, and end its work', async () => {
    for (let count = 0; count < 20; count += 1) await startJob();
    const { output, context } = startRead();
    await pass(45 * SECOND);
    await expect(output).rejects.toMatchObject({
      ...{ kind: 'busy', outcome: 'not_sent', message: '20 jobs of this key are running.' },
      meaning: expect.stringContaining('Partial results are not returned.'),
    });
    expect(context().call.signal?.aborted).toBe(true);
  });

  test('are forgotten after a day', async () => {
    const { id, open } = await startJob();
    open({ data: {} });
    await pass(24 * HOUR - SECOND);
    expect(await mine().find(id)).toMatchObject({ state: 'done' });
    await pass(2 * SECOND);
    expect(await mine().find(id)).toBeUndefined();
    await jobs.sweep();
    const next = await startJob();
    expect(await store.ids(ADA)).toEqual([next.id]);
  });

  test('do not start if they cannot be stored, and the work ends', async () => {
    store.append = () => Promise.reject(new Error('ENOSPC'));
    const { output, context } = startRead();
    await pass(45 * SECOND);
    await expect(output).rejects.toMatchObject({ kind: 'journal_unwritable', outcome: 'not_sent' });
    expect(context().call.signal?.aborted).toBe(true);
  });

  test('show their result although its line cannot be written', async () => {
    const { id, open } = await startJob();
    store.append = () => Promise.reject(new Error('ENOSPC'));
    open({ data: { waiting: 1 } });
    await pass(0);
    expect(await mine().find(id)).toMatchObject({ state: 'done', result: { structured: { waiting: 1 } } });
    expect(await mine().list()).toMatchObject([{ id, state: 'done' }]);
    await pass(24 * HOUR);
    expect(await mine().find(id)).toBeUndefined();
  });

  test('make room for others although their end cannot be written', async () => {
    const { append } = store;
    const ends: (() => void)[] = [];
    for (let count = 0; count < 20; count += 1) {
      const { open } = await startJob();
      ends.push(() => open({ data: {} }));
    }
    store.append = () => Promise.reject(new Error('ENOSPC'));
    store.remove = () => Promise.reject(new Error('EROFS'));
    for (const end of ends) end();
    await pass(0);
    store.append = append;
    store.remove = async () => {};
    expect((await startJob()).id).toMatch(/^[0-9a-f]{12}$/);
  });
});

describe('the end of a process', () => {
  test('interrupts jobs in order, and lets work in a call finish', async () => {
    const { id } = await startJob();
    const attached = startRead();
    await jobs.stop('detached');
    expect(await mine().find(id)).toMatchObject({ state: 'interrupted' });
    attached.open({ data: { waiting: 2 } });
    expect(await attached.output).toEqual({ data: { waiting: 2 } });
    const late = startRead();
    await pass(45 * SECOND);
    await expect(late.output).rejects.toMatchObject({ message: /shutting down/, outcome: 'not_sent' });
  });

  test('ends all work once no call can return a result', async () => {
    const { output, context } = startRead();
    await jobs.stop('all');
    await expect(output).rejects.toMatchObject({ message: /shutting down/ });
    expect(context().call.signal?.aborted).toBe(true);
  });

  test('without notice leaves jobs that the next process reports as interrupted', async () => {
    const { id, context } = await startJob();
    await context().progress(40, 90, '40 read');
    const next = jobsOf(startJobs(store, { pid: 2, running: [2] }), ADA, KIND);
    expect(await next.find(id)).toMatchObject({ state: 'interrupted', done: 40, total: 90 });
    // A process with the same pid, after a restart in a container.
    const same = await startJob();
    expect(await jobsOf(startJobs(store), ADA, KIND).find(same.id)).toMatchObject({ state: 'interrupted' });
  });

  test('jobs of another container run while the shared state says so, whatever their pid', async () => {
    const { id } = await startJob();
    let isHeld = true;
    const runs = { hold: () => () => {}, isHeld: () => isHeld };
    const other = jobsOf(startJobs(store, { pid: 1, replica: 'other', running: [1], runs }), ADA, KIND);
    await pass(120 * SECOND);
    expect(await other.find(id)).toMatchObject({ state: 'running' });
    isHeld = false;
    expect(await other.find(id)).toMatchObject({ state: 'interrupted' });
  });

  test('jobs that no process holds count as running for a minute, because they may be new', async () => {
    jobs = startJobs(store, { replica: 'one' });
    const { id } = await startJob();
    const runs = { hold: () => () => {}, isHeld: () => false };
    const other = jobsOf(startJobs(store, { pid: 1, replica: 'other', running: [1], runs }), ADA, KIND);
    expect(await other.find(id)).toMatchObject({ state: 'running' });
    await pass(120 * SECOND);
    expect(await other.find(id)).toMatchObject({ state: 'interrupted' });
  });

  test('a running process has ended only if its job writes nothing for an hour', async () => {
    const { id } = await startJob();
    const other = jobsOf(startJobs(store, { pid: 2, running: [1, 2] }), ADA, KIND);
    expect(await other.find(id)).toMatchObject({ state: 'running' });
    expect(await other.cancel(id)).toBe(false);
    await pass(HOUR + SECOND);
    expect(await other.find(id)).toMatchObject({ state: 'interrupted' });
    expect(await mine().find(id)).toMatchObject({ state: 'running' });
  });

  test('ignores a journal without its first line', async () => {
    await store.append(ADA, 'torn', { type: 'sending', at: new Date().toISOString(), chunk: 0 });
    await store.append(ADA, 'whole', startedEvent());
    expect((await mine().list()).map(({ id }) => id)).toEqual(['whole']);
  });
});
