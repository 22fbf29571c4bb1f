import { setMaxListeners } from 'node:events';
import { type CallOptions, MAX_TIMER_MS, sleep } from '../../client/index.ts';
import type { Job, JobFailure, JobResult } from '../../mcp/services/job.ts';
import type { JobCall } from '../../mcp/services/job-host.ts';
import type { ToolContext } from '../../mcp/tool.ts';
import { PROGRESS_MS } from '../shared/throttled-progress.ts';
import type { EndedState } from './job-events.ts';

/** A report needs fewer requests. Work that needs more leaves room in the rate limit for other calls. */
const FOREGROUND_REQUESTS = 50;
/** Longer than a client that reads needs to take a notification. */
const NOTIFIED_MS = 100;

interface RunningJobOptions {
  call: JobCall;
  target?: string | undefined;
  total?: number | undefined;
  /** Answered chunks and requests of earlier runs. */
  before?: { done: number; requests: number; startedAt: string } | undefined;
  /** Called with each progress of a read. */
  onProgress?: () => void;
}

/** How a job ended. */
export interface JobEnd {
  state: EndedState;
  result?: JobResult | undefined;
  failure?: JobFailure | undefined;
}

/**
 * Work that this process does, within its call or as a job. While it is attached, it belongs to its call: the client can
 * cancel it and gets its progress. Later only `cancel_job` and the shutdown end it.
 */
export class RunningJob {
  /** Empty until it is a job. */
  id = '';
  readonly call: JobCall;
  readonly target: string | undefined;
  readonly startedAt: string;
  /** Units of work. For a job that writes, chunks with an outcome. */
  done: number;
  total: number | undefined;
  requests: number;
  partial: Record<string, unknown> | undefined;
  readonly #onProgress: () => void;
  readonly #began = Date.now();
  readonly #doneBefore: number;
  readonly #controller = new AbortController();
  #isAttached = true;
  #stopAs: 'cancelled' | 'interrupted' | undefined;
  #end: JobEnd | undefined;
  #endedAt: string | undefined;
  #resolve = () => {};
  /** Resolves when the job has ended. */
  readonly ended = new Promise<void>((resolve) => {
    this.#resolve = resolve;
  });

  constructor({ call, target, total, before, onProgress = () => {} }: RunningJobOptions) {
    this.call = call;
    this.target = target;
    this.total = total;
    this.done = before?.done ?? 0;
    this.#doneBefore = this.done;
    this.requests = before?.requests ?? 0;
    this.startedAt = before?.startedAt ?? new Date().toISOString();
    this.#onProgress = onProgress;
    setMaxListeners(0, this.#controller.signal);
  }

  get isAttached(): boolean {
    return this.#isAttached;
  }

  /** Why the job is to end before its work is done. */
  get stopAs(): 'cancelled' | 'interrupted' | undefined {
    return this.#stopAs;
  }

  /** Aborts the requests of the job. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Ends a read at once, and a write after the chunk that is being sent. */
  stop(as: 'cancelled' | 'interrupted'): void {
    this.#stopAs ??= as;
    if (this.target === undefined) this.abort();
  }

  /** Aborts also the chunk that is being sent. Its outcome is unknown then. */
  abort(): void {
    this.#controller.abort();
  }

  /** Frees the job from its call. */
  detach(): void {
    this.#isAttached = false;
    this.call.outlive(this.signal);
  }

  end(end: JobEnd): void {
    this.#end = end;
    this.#endedAt = new Date().toISOString();
    this.#resolve();
  }

  /** Resolves when the job has ended, and after `ms` at the latest. */
  async waitForEnd(ms: number): Promise<void> {
    await endsWithin(this.ended, ms);
  }

  /** The context of the work: without a deadline, with the job's signal, and in the background once it is long. */
  contextFor(context: ToolContext): ToolContext {
    const { call } = context;
    this.#followCall(call.signal);
    const job = this;
    let notifiedAt = Date.now();
    return {
      ...context,
      call: {
        ...call,
        signal: this.signal,
        deadline: undefined,
        get background() {
          return !job.#isAttached || job.requests >= FOREGROUND_REQUESTS;
        },
        observe(report) {
          job.requests += 1;
          call.observe?.(report);
        },
      } satisfies CallOptions,
      wait: (ms) => sleep(ms, this.signal),
      async progress(done, total, message) {
        if (job.target === undefined) {
          job.done = done;
          // A total that was announced can also be reached. A total that only follows the work done says nothing.
          job.total = total > done || total === job.total ? total : undefined;
          job.partial = { progress: message };
          job.#onProgress();
        }
        if (!job.#isAttached || Date.now() - notifiedAt < PROGRESS_MS) return;
        notifiedAt = Date.now();
        // The notification never settles where the client does not read. The work goes on without it.
        await endsWithin(
          context.progress(done, total, message).catch(() => {}),
          NOTIFIED_MS,
        );
      },
    };
  }

  /** The client can cancel its call, which ends the work. A write first finishes the chunk in progress. */
  #followCall(signal: AbortSignal | undefined): void {
    if (signal === undefined) return;
    const onAbort = () => {
      if (this.#isAttached) this.stop('cancelled');
    };
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    void this.ended.then(() => signal.removeEventListener('abort', onAbort));
  }

  snapshot(): Job {
    const { id, call, target, startedAt, done, total, requests, partial } = this;
    const end = this.#end;
    return {
      ...{ id, kind: call.kind, workspace: call.workspace, target, startedAt, done, total, requests },
      state: end?.state ?? 'running',
      ...(end === undefined ? { etaSeconds: this.#eta() } : { endedAt: this.#endedAt }),
      partial,
      result: end?.result,
      failure: end?.failure,
    };
  }

  /** The work that is left, at the pace of this run. */
  #eta(): number | undefined {
    const newlyDone = this.done - this.#doneBefore;
    if (this.total === undefined || this.total < this.done || newlyDone === 0) return undefined;
    return Math.ceil(((Date.now() - this.#began) * (this.total - this.done)) / newlyDone / 1_000);
  }
}

/** Waits for work, at most `ms`. @returns whether it has ended. */
export async function endsWithin(work: Promise<unknown>, ms: number): Promise<boolean> {
  const timer = new AbortController();
  const isInTime = await Promise.race([
    work.then(() => true),
    sleep(Math.min(ms, MAX_TIMER_MS), timer.signal).then(() => false),
  ]);
  timer.abort();
  return isInTime;
}
