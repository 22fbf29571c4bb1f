import { randomBytes, randomUUID } from 'node:crypto';
import { HeyReachError } from '../../client/index.ts';
import { digest } from '../../lib/json.ts';
import type { Job } from '../../mcp/services/job.ts';
import type { ChunkWork } from '../../mcp/tool.ts';
import type { ProcessIdentity } from '../../safety/audit-log.ts';
import type { JobRuns } from '../../state/job-runs.ts';
import { foldJob, type JobEvent, type JournaledJob } from './job-events.ts';
import type { JobStore } from './job-store.ts';

const HOUR_MS = 3_600_000;
/** How long a job is kept after its last line. */
export const KEPT_MS = 24 * HOUR_MS;
const MAX_JOBS_PER_KEY = 20;
/** A run without a line for this long has ended: its pid belongs to another process. */
const SILENT_MS = HOUR_MS;
/** A run that no process holds has ended once it has no line for this long. Its process may have just begun it. */
const UNHELD_MS = 60_000;
/** A claim is tried again after the claim of a job that has ended was removed. */
const CLAIM_ATTEMPTS = 3;

/** A run of a job that this process has begun. */
export interface JobRun {
  owner: string;
  id: string;
  run: string;
  /** The job before this run. undefined for a new one. */
  before: JournaledJob | undefined;
}

interface NewJob {
  kind: string;
  target?: string;
  plan?: string;
  total?: number;
}

/** The jobs of all processes that share a store: who runs them, how many there are, and which one writes to a target. */
export class JobRegistry {
  readonly #store: JobStore;
  readonly #identity: ProcessIdentity;
  readonly #runs: JobRuns;
  /** How to release the runs of this process. */
  readonly #held = new Map<string, () => void>();
  /** Identifies this start of the program. Pids repeat, in containers at once. */
  readonly #boot = randomUUID();
  /** Runs of this process that have ended without a line in their journal. */
  readonly #abandoned = new Set<string>();

  constructor(store: JobStore, identity: ProcessIdentity, runs: JobRuns) {
    this.#store = store;
    this.#identity = identity;
    this.#runs = runs;
  }

  get isDurable(): boolean {
    return this.#store.isDurable;
  }

  /** @throws HeyReachError `journal_unwritable`: then nothing may be sent. */
  async append(owner: string, id: string, event: JobEvent): Promise<void> {
    if (event.type === 'ended') this.#letGo(event.run);
    await this.#store.append(owner, id, event).catch((error: unknown) => {
      throw unwritable(error);
    });
  }

  /** @throws HeyReachError `not_sent`: 20 jobs of this key run, or the journal cannot be written. */
  async begin(owner: string, job: NewJob): Promise<JobRun> {
    await this.#makeRoom(owner, job);
    const run = { owner, id: randomBytes(6).toString('hex'), run: randomUUID(), before: undefined };
    await this.append(owner, run.id, { type: 'started', ...this.#stamp(run.run), ...job });
    this.#hold(run);
    return run;
  }

  /** Continues a job of an earlier run. @throws HeyReachError `not_sent` where it cannot be continued. */
  async resume(owner: string, kind: string, work: ChunkWork & { resumeJob: string }): Promise<JobRun> {
    const id = work.resumeJob;
    const before = await this.read(owner, id);
    if (before === undefined || before.kind !== kind) throw unknownJob(id, this.isDurable);
    if (before.state === 'running') throw busy(`Job ${id} is running.`, id);
    if (before.state === 'done') throw changed(`Job ${id} is done.`, `get_job jobId=${id} has its result.`);
    if (before.target !== work.target || before.plan !== planOf(work.plan)) {
      const message = `Job ${id} was begun with other arguments, or with rows that have changed since.`;
      throw changed(message, `Repeat the arguments of that call, or call ${kind} without resumeJob.`);
    }
    const run = { owner, id, run: randomUUID(), before };
    await this.append(owner, id, { type: 'resumed', ...this.#stamp(run.run) });
    const now = await this.read(owner, id);
    if (now?.run !== run.run) throw busy(`Job ${id} is running.`, id);
    this.#hold(run);
    return run;
  }

  /** @throws HeyReachError `busy` while another job writes to the target. */
  async claim({ owner, id }: JobRun, target: string): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      const holder = await this.#store.claim(owner, target, id).catch((error: unknown) => {
        throw unwritable(error);
      });
      if (holder === id) return;
      const job = await this.read(owner, holder);
      if (job?.state === 'running' || attempt === CLAIM_ATTEMPTS) {
        throw busy(`Job ${holder} is writing to ${target}.`, holder);
      }
      await this.#store.release(owner, target, holder);
    }
  }

  async release({ owner, id }: JobRun, target: string): Promise<void> {
    await this.#store.release(owner, target, id);
  }

  async remove({ owner, id, run }: JobRun): Promise<void> {
    this.#letGo(run);
    await this.#store.remove(owner, id);
  }

  /**
   * Lets go of a job whose end cannot be written, as far as the store allows. The journal of a write stays, because it says
   * which chunks were sent.
   */
  async abandon({ owner, id, run }: JobRun, target: string | undefined): Promise<void> {
    this.#abandoned.add(run);
    this.#letGo(run);
    const letGo = target === undefined ? this.#store.remove(owner, id) : this.#store.release(owner, target, id);
    await letGo.catch(() => {});
  }

  /** A job of any process. A run whose process has ended is marked as interrupted. */
  async read(owner: string, id: string): Promise<JournaledJob | undefined> {
    const job = foldJob(await this.#store.read(owner, id));
    if (job === undefined || Date.now() - Date.parse(job.lastAt) > KEPT_MS) return undefined;
    if (job.state !== 'running' || !(await this.#isGone(owner, job))) return job;
    const { run, done, total, requests } = job;
    const at = new Date().toISOString();
    // A store that cannot be written still shows the job.
    await this.#store
      .append(owner, id, { type: 'ended', at, run, state: 'interrupted', done, total, requests })
      .catch(() => {});
    return { ...job, state: 'interrupted' };
  }

  /** Newest first. */
  async list(owner: string): Promise<{ id: string; job: JournaledJob }[]> {
    const ids = await this.#store.ids(owner);
    const jobs = await Promise.all(ids.map(async (id) => ({ id, job: await this.read(owner, id) })));
    return jobs
      .flatMap(({ id, job }) => (job === undefined ? [] : [{ id, job }]))
      .sort((a, b) => b.job.startedAt.localeCompare(a.job.startedAt));
  }

  /** Removes what is older than a day. */
  async sweep(): Promise<void> {
    await this.#store.sweep(Date.now() - KEPT_MS);
  }

  /** Removes the oldest jobs that have ended beyond 20. */
  async #makeRoom(owner: string, { target }: NewJob): Promise<void> {
    const jobs = await this.list(owner);
    const surplus = jobs.length + 1 - MAX_JOBS_PER_KEY;
    if (surplus <= 0) return;
    const ended = jobs.filter(({ job }) => job.state !== 'running').slice(-surplus);
    if (ended.length < surplus) {
      const message = `${MAX_JOBS_PER_KEY} jobs of this key are running.`;
      throw target === undefined ? tooLong(message, jobs.at(-1)!.id) : busy(message, jobs.at(-1)!.id);
    }
    for (const { id } of ended) await this.#store.remove(owner, id);
  }

  async #isGone(owner: string, { run, pid, boot, replica, lastAt }: JournaledJob): Promise<boolean> {
    if (boot === this.#boot) return this.#abandoned.has(run);
    const silentMs = Date.now() - Date.parse(lastAt);
    if (silentMs > SILENT_MS) return true;
    const isHeld = await this.#runs.isHeld(owner, run);
    if (isHeld === true) return false;
    // The pid of another machine or container says nothing. Without shared state there is nothing else to go by.
    const isForeign = replica !== undefined && replica !== this.#identity.replica;
    if (isForeign && isHeld === false) return silentMs > UNHELD_MS;
    return pid === this.#identity.pid || !this.#identity.isRunning(pid);
  }

  #hold({ owner, run }: JobRun): void {
    this.#held.set(run, this.#runs.hold(owner, run));
  }

  #letGo(run: string): void {
    this.#held.get(run)?.();
    this.#held.delete(run);
  }

  #stamp(run: string) {
    const { pid, replica } = this.#identity;
    return { at: new Date().toISOString(), run, pid, boot: this.#boot, ...(replica && { replica }) };
  }
}

/** A job of an earlier run, or of another process. */
export function toJob(id: string, journaled: JournaledJob): Job {
  const { kind, target, state, startedAt, lastAt, done, total, requests, result, failure } = journaled;
  const sent = target === undefined ? undefined : { progress: `${done} of ${total} chunks sent` };
  return {
    ...{ id, kind, target, state, startedAt, done, total, requests, result, failure },
    partial: journaled.partial ?? sent,
    ...(state === 'running' ? {} : { endedAt: lastAt }),
  };
}

/** The digest of a plan. Rows themselves are not kept. */
export function planOf(plan: unknown): string {
  return digest(plan);
}

/** The same for an id that never existed and for the job of another key. */
export function unknownJob(id: string, isDurable: boolean): HeyReachError {
  return new HeyReachError({
    kind: 'not_found',
    outcome: 'not_sent',
    message: `no such job: ${id.slice(0, 40)}`,
    meaning: isDurable
      ? 'Jobs are kept for 24 hours, and only the key that began a job can see it.'
      : 'HEYREACH_STATE_DIR is not set, so jobs end with the server. Only the key that began a job can see it.',
    nextStep: 'List the jobs of this key with get_job, without jobId.',
  });
}

function busy(message: string, id: string): HeyReachError {
  return new HeyReachError({
    kind: 'busy',
    outcome: 'not_sent',
    message,
    meaning: 'This call was not made.',
    nextStep: `Wait for it with get_job jobId=${id}, or end it with cancel_job.`,
  });
}

/** The error of a read that needs a job once its call has no time left. */
function tooLong(message: string, id: string): HeyReachError {
  return new HeyReachError({
    kind: 'busy',
    outcome: 'not_sent',
    message,
    meaning: 'The call reached its time limit and cannot continue as a job. Partial results are not returned.',
    nextStep: `Wait for a job with get_job jobId=${id}, or end it with cancel_job. Then call again.`,
  });
}

function changed(message: string, nextStep: string): HeyReachError {
  return new HeyReachError({ kind: 'changed', outcome: 'not_sent', message, meaning: 'Nothing was sent.', nextStep });
}

function unwritable(error: unknown): HeyReachError {
  return new HeyReachError({
    kind: 'journal_unwritable',
    outcome: 'not_sent',
    message: `The journal of the job cannot be written: ${error instanceof Error ? error.message : String(error)}`,
    meaning: 'What is not in the journal is not sent.',
    nextStep: 'The operator of this server must check the folder that HEYREACH_STATE_DIR names.',
  });
}
