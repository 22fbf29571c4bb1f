/** Failed calls in a row that open a circuit. */
export const MAX_FAILED_CALLS = 5;
const OPEN_MS = 10_000;
const MAX_OPEN_MS = 60_000;

/** How long a circuit stays open: 10 s, doubled with every failed probe up to a minute, less up to half as jitter. */
export function openForMs(failedProbes: number, random: number): number {
  return Math.round(Math.min(MAX_OPEN_MS, OPEN_MS * 2 ** failedProbes) * (1 - random / 2));
}

/** A finished call, as a circuit counts it. */
export interface CountedCall {
  /** `inconclusive` only for a probe. */
  result: 'ok' | 'failed' | 'inconclusive';
  /** The operation that got a 5xx from HeyReach itself. Such failures count only once two operations got one. */
  operation: string | undefined;
  /** How it failed, in words. */
  failure: string;
  /** How long ago it began. A circuit ignores calls that began before it last opened or closed. */
  ageMs: number;
  isHalfOpenProbe: boolean;
}

/** A circuit that processes share has changed. */
export interface CircuitNews {
  /** `failing`: the circuit is closed, and a first call failed. `closed`: the circuit closed, or a run of failures ended. */
  state: 'open' | 'closed' | 'failing';
  /** The fingerprint of the key, or undefined for the circuit of the host. */
  key: string | undefined;
  /** How the last call failed. */
  failure: string;
  /** How long the circuit stays open. */
  openForMs: number;
}

/**
 * The circuits of all processes. Failed calls in a row count over all of them, and one process at a time sends a probe.
 * Nothing rejects: without the store each process has its own circuits.
 */
export interface SharedCircuits {
  /** Counts a finished call. @param random from 0 to 1, for the jitter of an opening. */
  count(key: string | undefined, call: CountedCall, random: number): Promise<void>;
  /** Takes the probe of an open circuit. @returns 0, or in how many ms to ask again. */
  takeProbe(key: string | undefined): Promise<number>;
  /** Hears of every change, also of those that this process makes. */
  listen(listener: (news: CircuitNews) => void): void;
}
