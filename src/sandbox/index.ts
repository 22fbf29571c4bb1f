import { Clock } from './clock.ts';
import { type FaultRule, FaultScript } from './http/faults.ts';
import { RateLimiter } from './http/limiter.ts';
import { listen, type RecordedRequest } from './http/server.ts';
import type { Workspace } from './model.ts';
import { routes } from './operations/index.ts';
import { defaultQuirks, type SandboxOptions } from './options.ts';
import { emptyWorkspace, seedWorld } from './seed/index.ts';
import { runUntil } from './simulation/run.ts';
import { TaskQueue } from './simulation/tasks.ts';
import { noneReached, type Reached, type World } from './world.ts';

export type { FaultRule } from './http/faults.ts';
export type { RecordedRequest } from './http/server.ts';
export type * from './model.ts';
export type { SandboxOptions } from './options.ts';
export type { Reached } from './world.ts';

/** A running sandbox. */
export interface Sandbox {
  /** `http://127.0.0.1:PORT`, without a path. */
  readonly url: string;
  /** The newest 5,000 API requests, answered or not. */
  readonly requests: RecordedRequest[];
  /** What would have reached people. */
  readonly reached: Reached;
  readonly faults: { add(rule: FaultRule): void; clear(): void };
  /** The live state, for tests to look at and arrange. */
  readonly workspace: Workspace;
  /** The sandbox clock, epoch milliseconds. */
  now(): number;
  /** Moves the clock and runs everything that falls due. */
  advance(ms: number): void;
  close(): Promise<void>;
}

/** Starts a HeyReach of our own on 127.0.0.1. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { seed = 1, startAt = Date.now(), rateLimit = {} } = options;
  const clock = new Clock(startAt, options.clock !== 'manual');
  const world: World = {
    seed,
    quirks: { ...defaultQuirks, ...options.quirks },
    workspace: emptyWorkspace(),
    tasks: new TaskQueue(),
    reached: noneReached(),
    live: false,
    now: () => clock.now(),
  };
  seedWorld(world, startAt, options.size ?? 'default');
  world.live = true;

  const settle = (): void => runUntil(world, clock.now());
  const advance = (ms: number): void => {
    clock.move(ms);
    settle();
  };
  const requests: RecordedRequest[] = [];
  const faults = new FaultScript();
  const limiter = rateLimit === false ? undefined : new RateLimiter(rateLimit);
  const server = await listen({ world, routes, limiter, faults, requests, settle, advance }, options.port ?? 0);
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
    now: () => clock.now(),
    advance,
    close: () => server.close(),
  };
}
