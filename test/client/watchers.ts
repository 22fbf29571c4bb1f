import { afterEach, beforeEach, expect, vi } from 'vitest';
import { Breaker } from '../../src/client/breaker.ts';
import type { CircuitReport } from '../../src/client/circuit.ts';
import type { FaultReason } from '../../src/client/faults.ts';
import type { Exchange } from '../../src/client/http.ts';

export const START = Date.UTC(2026, 2, 14, 9, 0, 0);
export const SECOND = 1_000;

export const answered = (status: number): Exchange => ({ type: 'answer', status, retryAfter: undefined, text: '' });
export const failed = (reason: FaultReason, bytesLeft = true): Exchange => ({
  ...{ type: 'fault', reason, bytesLeft },
  ...{ inFlight: false, detail: '' },
});

/** A call whose end is known beforehand. @returns whether it was made. */
export async function make(
  breaker: Breaker,
  ended: Exchange,
  { key = 'a', operation = 'one', ms = 0 } = {},
): Promise<boolean> {
  let isMade = false;
  await breaker
    .watch(key, operation, async ({ tell }) => {
      isMade = true;
      tell(ended, ms);
    })
    .catch((error: unknown) => expect(error).toMatchObject({ kind: 'outage', outcome: 'not_sent' }));
  return isMade;
}

export async function makeMany(breaker: Breaker, count: number, ended: Exchange, options = {}): Promise<void> {
  for (let made = 0; made < count; made += 1) await make(breaker, ended, options);
}

export const isOpen = (breaker: Breaker, key = 'a') => breaker.refusal(key) !== undefined;

/** Without jitter: the first cooling time is ten seconds. */
export const makeBreaker = (report?: (report: CircuitReport) => void) => new Breaker({ random: () => 0, report });

/** The clock stands still until it is moved on. */
export function useClock(): void {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['Date', 'performance'], now: START });
  });
  afterEach(() => {
    vi.useRealTimers();
  });
}
