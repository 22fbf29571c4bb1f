import type { CallerJobs, ToolOutput } from '../tool.ts';
import type { JobFailure, JobResult } from './job.ts';

/** What jobs know of the call that begins or reads them. */
export interface JobCall {
  /** Fingerprint of the key. Jobs of another owner do not exist for this call. */
  owner: string;
  /** The name of the tool. */
  kind: string;
  /** The name of the workspace, where there are several. */
  workspace?: string | undefined;
  /** Makes the result that is kept of a job. */
  resultOf(output: ToolOutput): JobResult;
  /** Describes the error that ended a job. */
  failureOf(error: unknown): JobFailure;
  /**
   * Called when the work outlives its call. From then on the checks before each write have no deadline and end with `signal`,
   * no longer with the client.
   */
  outlive(signal: AbortSignal): void;
}

/** The jobs of a server. */
export interface JobHost {
  ofCall(call: JobCall): CallerJobs;
}
