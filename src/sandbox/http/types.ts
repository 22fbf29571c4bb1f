import type { World } from '../state.ts';
import type { FaultScript } from './fault-rules.ts';
import type { RateLimiter } from './rate-limiter.ts';
import type { Route } from './router.ts';

/** A recorded request. */
export interface RecordedRequest {
  /** Real time, epoch milliseconds. */
  at: number;
  method: string;
  /** Raw, with the query. */
  path: string;
  headers: Record<string, string | string[] | undefined>;
  body: string;
  /** Status of the response. 0 until there is one. */
  status: number;
}

export interface ServerParts {
  world: World;
  routes: readonly Route[];
  limiter: RateLimiter | undefined;
  faults: FaultScript;
  requests: RecordedRequest[];
  /** Real time that every API response takes longer. */
  latencyMs: number;
  /** Runs the simulation up to the present before a request reads the state. */
  settle(): void;
  advance(ms: number): void;
}
