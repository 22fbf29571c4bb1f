import { setMaxListeners } from 'node:events';
import type { CallOptions } from '../../client/index.ts';
import type { ToolContext } from '../../mcp/tool.ts';

/** How long a workflow tool works. The rest of a call's 55 s is for its result. */
const MAX_WORK_MS = 43_000;
/** The share of a shorter deadline that a workflow tool reads. */
const WORK_SHARE = 0.8;
/** The share of a call's time that get_job waits: 45 of 54 s and more, because its result needs no request. */
const WAIT_SHARE = 0.85;

/** The time in which a workflow tool makes its requests. */
export interface WorkTime {
  /** Options of its requests, which end with the work time. */
  call: CallOptions;
  isOver(): boolean;
  /** Why a part is missing once the time is over. */
  overReason: string;
}

/** What the reads of a workflow tool need. */
export interface ReadContext {
  context: ToolContext;
  time: WorkTime;
}

/** The time that the work of a call may take, in ms. */
export function workMsOf({ deadline = Number.POSITIVE_INFINITY }: CallOptions, now = Date.now()): number {
  return Math.max(0, Math.min(MAX_WORK_MS, (deadline - now) * WORK_SHARE));
}

/** How long a call may wait for a job, in ms. */
export function waitMsOf({ deadline = Number.POSITIVE_INFINITY }: CallOptions, now = Date.now()): number {
  return Math.max(0, (deadline - now) * WAIT_SHARE);
}

/** Starts the work time of a call. A job has no deadline, and its work ends when it is done. */
export function startWork(call: CallOptions, now: () => number = Date.now): WorkTime {
  // Each request listens for the cancellation of the call, and Node warns above ten listeners.
  if (call.signal !== undefined) setMaxListeners(0, call.signal);
  if (call.deadline === undefined) return { call, isOver: () => false, overReason: 'not read' };
  const startedAt = now();
  const workMs = workMsOf(call, startedAt);
  const deadline = startedAt + workMs;
  return {
    call: { ...call, deadline },
    isOver: () => now() >= deadline,
    overReason: `not read within ${Math.round(workMs / 1_000)} s`,
  };
}
