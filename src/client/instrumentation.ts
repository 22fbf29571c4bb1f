import type { TransportErrorReason } from './http-types.ts';

/** How one request ended. */
export interface RequestOutcome {
  /** The number of the request within its call, from 1. Requests that got a 429 count too. */
  attempt: number;
  /** HTTP status, or the reason why there was no response. */
  ended: number | TransportErrorReason;
  ms: number;
}

/** Gets the events of all calls, without saying whose they are, for metrics. Must not throw. */
export interface ClientInstrumentation {
  /** A call may start a request, after waiting for its permit. */
  permitAcquired(waitedMs: number): void;
  attemptStarted(attempt: number): void;
  /** Called once for each started request, including a request that outlives its caller. */
  attemptEnded(end: RequestOutcome): void;
}

/** The present state of a connection. */
export interface ConnectionSnapshot {
  /** Calls that wait for a permit, of all keys. */
  waiting: number;
  /** The share of its window that the busiest key has used, from 0 to 1. */
  permitsUsed: number;
  /** HeyReach counts as down: calls are rejected, except one probe at a time. */
  isHostCircuitOpen: boolean;
  /** Keys whose own calls are rejected now. */
  openKeyCircuits: number;
}
