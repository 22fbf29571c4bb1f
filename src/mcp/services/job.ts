import type { KeptTable } from './caller-files.ts';

/** How far a job is. `interrupted`: the process that ran it has ended. */
export type JobState = 'running' | 'done' | 'failed' | 'cancelled' | 'interrupted';

/** Why a job failed, in the words of the error that its call would have had. */
export interface JobFailure {
  kind: string;
  status?: number | undefined;
  message: string;
  /** What it means for the data, with the outcome in words: some clients pass on the structure alone. */
  meaning: string;
  nextStep: string;
  retryAfterSeconds?: number | undefined;
  outcome: 'not_sent' | 'refused' | 'unknown';
}

/** The result of a job's tool, as that tool would have returned it. */
export interface JobResult {
  structured: Record<string, unknown>;
  /** Paths of the texts from outside in it. */
  untrustedFields: string[];
  /** Tables that the client can read as resources. */
  links?: KeptTable[] | undefined;
}

/** A job as its owner sees it. */
export interface Job {
  id: string;
  /** The name of the tool that began it. */
  kind: string;
  /** The workspace that a call must name to find the job, where there are several. */
  workspace?: string | undefined;
  state: JobState;
  /** What it writes to. undefined for a job that only reads. */
  target?: string | undefined;
  /** ISO times. */
  startedAt: string;
  endedAt?: string | undefined;
  /** Units of work. `total` is undefined where it is unknown. */
  done: number;
  total?: number | undefined;
  /** Requests to HeyReach, retries included. */
  requests: number;
  /** Seconds until it ends, at the pace so far. undefined where it is unknown. */
  etaSeconds?: number | undefined;
  /** What is known before it ends. */
  partial?: Record<string, unknown> | undefined;
  result?: JobResult | undefined;
  failure?: JobFailure | undefined;
}
