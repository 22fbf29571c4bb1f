import * as z from 'zod';
import { lazy } from '../../lib/lazy.ts';
import type { JobFailure, JobResult, JobState } from '../../mcp/services/job.ts';

/** A line of a job's journal. */
const jobEvent = lazy(() => {
  const at = z.iso.datetime();
  /** One run of a job: a process that was restarted makes a new one. */
  const run = { at, run: z.string(), pid: z.int().positive(), boot: z.string(), replica: z.string().optional() };
  const counts = { done: z.int(), total: z.int().optional(), requests: z.int() };
  const json = z.record(z.string(), z.unknown());
  const outcome = z.enum(['not_sent', 'refused', 'unknown']);
  const failure = z.object({
    kind: z.string(),
    status: z.number().optional(),
    message: z.string(),
    meaning: z.string(),
    nextStep: z.string(),
    retryAfterSeconds: z.number().optional(),
    outcome,
  }) satisfies z.ZodType<JobFailure>;
  const result = z.object({
    structured: json,
    untrustedFields: z.array(z.string()),
    links: z
      .array(
        z.object({
          resultId: z.string(),
          uri: z.string(),
          rows: z.int(),
          bytes: z.int(),
          path: z.string().optional(),
        }),
      )
      .optional(),
  }) satisfies z.ZodType<JobResult>;

  return z.discriminatedUnion('type', [
    z.object({
      type: z.literal('started'),
      ...run,
      kind: z.string(),
      target: z.string().optional(),
      plan: z.string().optional(),
      total: z.int().optional(),
    }),
    z.object({ type: z.literal('resumed'), ...run }),
    /** On disk before the request of the chunk. */
    z.object({ type: z.literal('sending'), at, chunk: z.int() }),
    z.object({ type: z.literal('answered'), at, chunk: z.int(), account: json, recounted: z.boolean() }),
    z.object({ type: z.literal('broken'), at, chunk: z.int(), outcome }),
    z.object({ type: z.literal('progress'), at, ...counts }),
    z.object({
      type: z.literal('ended'),
      at,
      /** The run that it ends. A process that finds a job interrupted may say so after another one resumed it. */
      run: z.string(),
      state: z.enum(['done', 'failed', 'cancelled', 'interrupted']),
      ...counts,
      partial: json.optional(),
      result: result.optional(),
      failure: failure.optional(),
    }),
  ]);
});
export type JobEvent = z.infer<ReturnType<typeof jobEvent>>;
export type EndedState = Exclude<JobState, 'running'>;

/** Parses a line. A damaged line is skipped, because a killed process may have left it unfinished. */
export function readJobEvent(line: unknown): JobEvent | undefined {
  return jobEvent().safeParse(line).data;
}

/** A chunk as the journal knows it. */
export interface ChunkState {
  /** Undefined until it was answered. */
  result?: Record<string, unknown> | undefined;
  recounted: boolean;
  /** It was or may have been sent, and no answer says its outcome. */
  mayBeDone: boolean;
}

/** A job as its journal describes it. */
export interface JournaledJob {
  kind: string;
  target?: string | undefined;
  plan?: string | undefined;
  state: JobState;
  startedAt: string;
  /** When the last line was written. */
  lastAt: string;
  /** The last run, and its process. */
  run: string;
  pid: number;
  boot: string;
  /** The machine or container of the process. */
  replica?: string | undefined;
  done: number;
  total?: number | undefined;
  requests: number;
  chunks: Map<number, ChunkState>;
  partial?: Record<string, unknown> | undefined;
  result?: JobResult | undefined;
  failure?: JobFailure | undefined;
}

/** Reads a journal from its first line to its last. @returns undefined without a first line. */
export function foldJob(events: readonly JobEvent[]): JournaledJob | undefined {
  const [first] = events;
  if (first?.type !== 'started') return undefined;
  const { kind, target, plan, total, run, pid, boot, replica } = first;
  const job: JournaledJob = {
    ...{ kind, target, plan, total, run, pid, boot, replica },
    state: 'running',
    startedAt: first.at,
    lastAt: first.at,
    done: 0,
    requests: 0,
    chunks: new Map(),
  };
  for (const event of events) apply(job, event);
  return job;
}

function apply(job: JournaledJob, event: JobEvent): void {
  job.lastAt = event.at;
  switch (event.type) {
    case 'started':
      return;
    case 'resumed': {
      // Of two processes that resume a job at once, the first one has it.
      if (job.state === 'running') return;
      const { run, pid, boot, replica } = event;
      Object.assign(job, { state: 'running', run, pid, boot, replica, failure: undefined });
      return;
    }
    case 'sending':
      job.chunks.set(event.chunk, { recounted: false, mayBeDone: true });
      return;
    case 'answered':
      job.chunks.set(event.chunk, { result: event.account, recounted: event.recounted, mayBeDone: false });
      job.done = [...job.chunks.values()].filter(({ result }) => result !== undefined).length;
      return;
    case 'broken':
      job.chunks.set(event.chunk, { recounted: false, mayBeDone: event.outcome === 'unknown' });
      return;
    case 'progress':
    case 'ended': {
      if (event.type === 'ended' && event.run !== job.run) return;
      const { type: _, at: __, ...fields } = event;
      Object.assign(job, fields);
    }
  }
}
