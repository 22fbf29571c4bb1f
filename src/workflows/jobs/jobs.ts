import { HeyReachError, sleep } from '../../client/index.ts';
import type { Job } from '../../mcp/services/job.ts';
import type { JobCall, JobHost } from '../../mcp/services/job-host.ts';
import type { CallerJobs, ChunkWork, ToolContext, ToolOutput } from '../../mcp/tool.ts';
import type { Log } from '../../observability/log.ts';
import type { ProcessIdentity } from '../../safety/audit-log.ts';
import type { JobRuns } from '../../state/job-runs.ts';
import { workMsOf } from '../shared/work-time.ts';
import { announceJob } from './job-answer.ts';
import { type Ended, endedEvent, jobEndOf, outputOf, serverEnds, settleWork } from './job-end.ts';
import { JobRegistry, type JobRun, KEPT_MS, planOf, toJob } from './job-registry.ts';
import type { JobStore } from './job-store.ts';
import { endsWithin, type JobEnd, RunningJob } from './running-job.ts';
import { type SentChunks, sendChunks } from './send-chunks.ts';

/** How long a shutdown waits for the chunks in flight. Then they are aborted, and their outcome is unknown. */
const DRAIN_MS = 25_000;
/** How long aborted work has to end. */
const ABORTED_MS = 1_000;
/** How often a job of another process is read again. */
const POLL_MS = 1_000;
/** How often the progress of a read is written to its journal. */
const JOURNALED_MS = 10_000;

interface JobsOptions {
  store: JobStore;
  identity: ProcessIdentity;
  /** Which runs of other machines go on. */
  runs: JobRuns;
  log: Log;
  /** False where get_job is hidden: then work ends with its call. */
  isOffered: boolean;
}

/** The work of this process that outlives its calls. */
export class Jobs implements JobHost {
  readonly #registry: JobRegistry;
  readonly #log: Log;
  readonly #isOffered: boolean;
  /** All work, attached to a call or not. */
  readonly #work = new Set<RunningJob>();
  /** The jobs that callers can see, by owner and id. */
  readonly #visible = new Map<string, RunningJob>();
  #isShuttingDown = false;

  constructor({ store, identity, runs, log, isOffered }: JobsOptions) {
    this.#registry = new JobRegistry(store, identity, runs);
    this.#log = log;
    this.#isOffered = isOffered;
  }

  ofCall(call: JobCall): CallerJobs {
    const { owner } = call;
    const withWorkspace = (job: Job): Job => ({ ...job, workspace: call.workspace });
    const runningOf = (id: string) => this.#visible.get(nameOf(owner, id));
    return {
      areDurable: this.#registry.isDurable,
      runRead: (read, context) => (this.#isOffered ? this.#runRead(call, read, context) : read(context)),
      runChunks: (work, context) => this.#runChunks(call, work, context),
      list: async () => (await this.#list(owner)).map(withWorkspace),
      find: async (id) => {
        const job = await this.#find(owner, id);
        return job === undefined ? undefined : withWorkspace(job);
      },
      waitForEnd: (id, ms) => runningOf(id)?.waitForEnd(ms) ?? sleep(Math.min(ms, POLL_MS)),
      async cancel(id) {
        runningOf(id)?.stop('cancelled');
        return runningOf(id) !== undefined;
      },
    };
  }

  /** Removes the journals of jobs that are older than a day. */
  sweep(): Promise<void> {
    return this.#registry.sweep();
  }

  /**
   * Interrupts the jobs, and waits until the chunks that are being sent have an answer, 26 s at most.
   * @param which `detached` leaves work alone whose call can still answer.
   */
  async stop(which: 'detached' | 'all'): Promise<void> {
    this.#isShuttingDown = true;
    const stopped = [...this.#work].filter((job) => which === 'all' || !job.isAttached);
    for (const job of stopped) job.stop('interrupted');
    const ended = Promise.all(stopped.map((job) => job.ended));
    if (await endsWithin(ended, DRAIN_MS)) return;
    for (const job of stopped) job.abort();
    await endsWithin(ended, ABORTED_MS);
  }

  async #runRead(
    call: JobCall,
    read: (context: ToolContext) => Promise<ToolOutput>,
    context: ToolContext,
  ): Promise<ToolOutput> {
    let run: JobRun | undefined;
    let notedAt = Date.now();
    const job: RunningJob = new RunningJob({
      call,
      onProgress: () => {
        if (run === undefined || Date.now() - notedAt < JOURNALED_MS) return;
        notedAt = Date.now();
        this.#noteProgress(job, run);
      },
    });
    this.#work.add(job);
    const work = settleWork(read(job.contextFor(context)));
    try {
      const isOver = !(await endsWithin(work, workMsOf(context.call)));
      if (isOver && !this.#isShuttingDown) {
        run = await this.#registry.begin(call.owner, { kind: call.kind });
        const begun = run;
        return this.#detach(
          job,
          begun,
          work.then((ended) => this.#endRead(job, begun, ended)),
        );
      }
      if (isOver) job.stop('interrupted');
    } catch (error) {
      job.stop('cancelled');
      await work;
      this.#forget(job, { state: 'cancelled' });
      throw error;
    }
    const ended = await work;
    this.#forget(job, { state: 'done' });
    if (ended.ok) return ended.output;
    throw job.stopAs === 'interrupted' ? serverEnds(call.kind) : ended.error;
  }

  /** Lets the work go on without its call. @param ended the end of the job, its journal included. */
  #detach(job: RunningJob, run: JobRun, ended: Promise<HeyReachError | undefined>): ToolOutput {
    job.id = run.id;
    job.detach();
    this.#visible.set(nameOf(run.owner, run.id), job);
    const { kind, owner } = job.call;
    this.#log.info({ tool: kind, job: run.id, keyFingerprint: owner }, 'a call goes on as a job');
    return { data: announceJob(job.snapshot(), this.#registry.isDurable), continuedAsJob: ended };
  }

  async #endRead(job: RunningJob, run: JobRun, ended: Ended): Promise<HeyReachError | undefined> {
    const { call } = job;
    if (ended.ok) return this.#end(job, run, () => jobEndOf(call, ended.output), ended.output.error);
    if (job.stopAs !== undefined) return this.#end(job, run, () => ({ state: job.stopAs! }));
    return this.#end(job, run, () => ({ state: 'failed', failure: call.failureOf(ended.error) }), ended.error);
  }

  async #runChunks(call: JobCall, work: ChunkWork, context: ToolContext): Promise<ToolOutput> {
    const run = await this.#beginChunks(call, work);
    const { before } = run;
    const job = new RunningJob({ call, target: work.target, total: work.chunks, before });
    job.id = run.id;
    this.#work.add(job);
    this.#visible.set(nameOf(run.owner, run.id), job);
    const sending = sendChunks({
      ...{ job, work },
      context: job.contextFor(context),
      known: before?.chunks ?? new Map(),
      journal: (event) => this.#registry.append(run.owner, run.id, event),
    });
    let sent: SentChunks = { results: [] };
    const ended = sending.then(async (all) => {
      sent = all;
      await work.end?.(all.results, all.error).catch((error: unknown) => {
        this.#log.error({ tool: call.kind, job: run.id, err: String(error) }, 'the outcome of a job could not be kept');
      });
      return this.#endChunks(job, run, work, all);
    });
    const left = () => (context.call.deadline ?? Number.POSITIVE_INFINITY) - Date.now();
    if (!(await endsWithin(ended, workMsOf(context.call)))) {
      if (this.#isOffered && !this.#isShuttingDown) return this.#detach(job, run, ended);
      job.stop('interrupted');
      if (!(await endsWithin(ended, left()))) job.abort();
    }
    await ended;
    return outputOf(job.snapshot(), work, sent);
  }

  async #beginChunks({ owner, kind }: JobCall, work: ChunkWork): Promise<JobRun> {
    const { target, chunks, resumeJob } = work;
    const run =
      resumeJob === undefined
        ? await this.#registry.begin(owner, { kind, target, plan: planOf(work.plan), total: chunks })
        : await this.#registry.resume(owner, kind, { ...work, resumeJob });
    try {
      await this.#registry.claim(run, target);
      return run;
    } catch (error) {
      if (run.before === undefined) await this.#registry.remove(run);
      else await this.#registry.append(owner, run.id, endedEvent(run, run.before, { state: 'interrupted' }));
      throw error;
    }
  }

  #endChunks(job: RunningJob, run: JobRun, work: ChunkWork, sent: SentChunks): Promise<HeyReachError | undefined> {
    const { call, stopAs } = job;
    const { results, error } = sent;
    return this.#end(
      job,
      run,
      () => {
        job.partial = results.length === 0 ? undefined : work.report(results).data;
        if (error !== undefined) return { state: 'failed', failure: call.failureOf(error) };
        if (results.length < work.chunks) return { state: stopAs ?? 'failed' };
        job.partial = undefined;
        return jobEndOf(call, work.report(results));
      },
      error,
    );
  }

  /** Writes the end of a job to its journal. Never rejects. @returns the error that ended it. */
  async #end(job: RunningJob, run: JobRun, makeEnd: () => JobEnd, error?: unknown): Promise<HeyReachError | undefined> {
    const { call } = job;
    const fields = { tool: call.kind, job: run.id, keyFingerprint: call.owner };
    let end: JobEnd;
    try {
      end = makeEnd();
    } catch (defect) {
      end = { state: 'failed', failure: call.failureOf(defect) };
      this.#log.error({ ...fields, err: defect }, 'a job broke');
    }
    if (error !== undefined && !(error instanceof HeyReachError))
      this.#log.error({ ...fields, err: error }, 'a job broke');
    const name = nameOf(run.owner, run.id);
    let isKept = true;
    try {
      await this.#registry.append(run.owner, run.id, endedEvent(run, job, end));
      if (job.target !== undefined) await this.#registry.release(run, job.target);
    } catch (failure) {
      isKept = false;
      this.#log.error({ ...fields, err: String(failure) }, 'the end of a job could not be written');
      await this.#registry.abandon(run, job.target);
    }
    this.#forget(job, end);
    const hide = () => this.#visible.get(name) === job && this.#visible.delete(name);
    // Without a line in the journal the result is only in memory.
    if (isKept) hide();
    else setTimeout(hide, KEPT_MS).unref();
    this.#log.info({ ...fields, state: end.state, done: job.done, requests: job.requests }, 'job ended');
    return error instanceof HeyReachError ? error : undefined;
  }

  #forget(job: RunningJob, end: JobEnd): void {
    job.end(end);
    this.#work.delete(job);
  }

  #noteProgress({ done, total, requests }: RunningJob, { owner, id }: JobRun): void {
    const event = { type: 'progress', at: new Date().toISOString(), done, total, requests } as const;
    this.#registry.append(owner, id, event).catch((error: unknown) => {
      this.#log.warn({ job: id, err: String(error) }, 'the progress of a job could not be written');
    });
  }

  async #find(owner: string, id: string): Promise<Job | undefined> {
    const running = this.#visible.get(nameOf(owner, id));
    if (running !== undefined) return running.snapshot();
    const journaled = await this.#registry.read(owner, id);
    return journaled === undefined ? undefined : toJob(id, journaled);
  }

  async #list(owner: string): Promise<Job[]> {
    const inMemory = [...this.#visible.values()].filter(({ call }) => call.owner === owner);
    const journaled = await this.#registry.list(owner);
    const others = journaled.filter(({ id }) => inMemory.every((job) => job.id !== id));
    return [...inMemory.map((job) => job.snapshot()), ...others.map(({ id, job }) => toJob(id, job))].sort((a, b) =>
      b.startedAt.localeCompare(a.startedAt),
    );
  }
}

function nameOf(owner: string, id: string): string {
  return `${owner} ${id}`;
}
