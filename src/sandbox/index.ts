import { Clock } from './clock.ts';
import { type FaultRule, FaultScript } from './http/fault-rules.ts';
import { RateLimiter } from './http/rate-limiter.ts';
import { listen } from './http/server.ts';
import type { RecordedRequest } from './http/types.ts';
import type { Workspace } from './model/index.ts';
import { defaultQuirks, type SandboxOptions, sizeLimits } from './options.ts';
import { routes } from './routes/index.ts';
import { emptyWorkspace, seedWorld } from './seed/index.ts';
import { runUntil } from './simulation/event-loop.ts';
import { TaskQueue } from './simulation/task-queue.ts';
import { emptyTally, type Reached, type World } from './state.ts';
import { type Truth, type TruthKey, type TruthQuery, truthOf } from './truth/index.ts';

export type { FaultRule } from './http/fault-rules.ts';
export type { RecordedRequest } from './http/types.ts';
export type * from './model/index.ts';
export type { SandboxOptions } from './options.ts';
export type { Reached } from './state.ts';
export type * from './truth/index.ts';

/** A running sandbox. */
export interface Sandbox {
  /** `http://127.0.0.1:PORT`, without a path. */
  readonly url: string;
  /** The newest 5,000 API requests, with or without a response. */
  readonly requests: RecordedRequest[];
  /** Messages, invitations and InMails that would have reached people. */
  readonly reached: Reached;
  readonly faults: { add(rule: FaultRule): void; clear(): void };
  /** The live state. Tests read and change it. */
  readonly workspace: Workspace;
  /** What is true in the workspace now, for tests to compare results with. See `Truth` for the keys. */
  truth<Key extends TruthKey = TruthKey>(query?: TruthQuery<Key>): Pick<Truth, Key>;
  /** The sandbox clock, epoch milliseconds. */
  now(): number;
  /** Moves the clock and runs all tasks that are due. */
  advance(ms: number): void;
  close(): Promise<void>;
}

/** @throws RangeError for a number of senders or people that the seed cannot make. */
function checkRange(options: SandboxOptions): void {
  for (const name of ['senders', 'people'] as const) {
    const [value, { min, max }] = [options[name], sizeLimits[name]];
    if (value !== undefined && !(Number.isInteger(value) && value >= min && value <= max)) {
      throw new RangeError(`${name} must be a whole number from ${min} to ${max}.`);
    }
  }
}

/** Starts an embedded HeyReach on 127.0.0.1. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  checkRange(options);
  const { seed = 1, startAt = Date.now(), rateLimit = {} } = options;
  const clock = new Clock(startAt, options.clock !== 'manual');
  const world: World = {
    seed,
    quirks: { ...defaultQuirks, ...options.quirks },
    workspace: emptyWorkspace(),
    tasks: new TaskQueue(),
    reached: emptyTally(),
    isLive: false,
    now: () => clock.now(),
  };
  seedWorld(world, startAt, options);
  world.isLive = true;

  const settle = (): void => runUntil(world, clock.now());
  const advance = (ms: number): void => {
    clock.move(ms);
    settle();
  };
  const requests: RecordedRequest[] = [];
  const faults = new FaultScript();
  const limiter = rateLimit === false ? undefined : new RateLimiter(rateLimit);
  const server = await listen(
    { world, routes, limiter, faults, requests, latencyMs: options.latencyMs ?? 0, settle, advance },
    options.port ?? 0,
  );
  return {
    url: `http://127.0.0.1:${server.port}`,
    requests,
    get reached() {
      settle();
      return world.reached;
    },
    faults,
    get workspace() {
      settle();
      return world.workspace;
    },
    truth<Key extends TruthKey = TruthKey>(query?: TruthQuery<Key>) {
      settle();
      return truthOf(world, query);
    },
    now: () => clock.now(),
    advance,
    close: () => server.close(),
  };
}
