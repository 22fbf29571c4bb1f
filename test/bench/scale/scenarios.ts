import type { Demand, Scenario } from './simulation.ts';

const PAD_MS = 1_000;

function many(count: number, demand: Demand): Demand[] {
  return Array.from({ length: count }, () => demand);
}

/** Small enough for three real processes on two cores. */
export const SCALED_DOWN: Scenario = {
  replicas: 3,
  cap: 60,
  windowMs: 9_000 + PAD_MS,
  seconds: 35,
  workspaces: [...many(4, { callers: 10 }), ...many(100, { perSecond: 0.3 })],
};

/** Each of a thousand workspaces makes a request every three seconds. */
export const HOUR_OF_WORK: Scenario = {
  replicas: 3,
  cap: 300,
  windowMs: 60_000 + PAD_MS,
  seconds: 600,
  workspaces: many(1_000, { perSecond: 20 / 60 }),
};

/** The same for every workspace that uses its whole rate limit. */
export const CALLERS_THAT_WAIT: Scenario = { ...HOUR_OF_WORK, workspaces: many(1, { callers: 50 }) };
