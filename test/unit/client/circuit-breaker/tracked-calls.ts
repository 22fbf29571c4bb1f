import { afterEach, beforeEach, expect, vi } from 'vitest';
import type { CircuitReport } from '../../../../src/client/circuit-breaker/circuit.ts';
import { type AllowedCall, CircuitBreaker } from '../../../../src/client/circuit-breaker/circuit-breaker.ts';
import type { HttpResult, TransportErrorReason } from '../../../../src/client/http-types.ts';

export const START = Date.UTC(2026, 2, 14, 9, 0, 0);
export const SECOND = 1_000;

export const responded = (status: number): HttpResult => ({
  type: 'response',
  status,
  retryAfter: undefined,
  text: '',
});
export const failed = (reason: TransportErrorReason, requestSent = true): HttpResult => ({
  ...{ type: 'error', reason, requestSent },
  ...{ inFlight: false, detail: '' },
});

/** Makes a call as the request executor does: asks for permission, then reports the end of the call. */
export async function track<Result>(
  breaker: CircuitBreaker,
  key: string,
  operation: string,
  call: (allowed: AllowedCall) => Promise<Result>,
): Promise<Result> {
  const allowed = await breaker.allow(key, operation);
  try {
    return await call(allowed);
  } finally {
    await allowed.end();
  }
}

/** Makes a call that ends as given. @returns whether the circuit breaker allowed it. */
export async function make(
  breaker: CircuitBreaker,
  exchange: HttpResult,
  { key = 'a', operation = 'one', ms = 0 } = {},
): Promise<boolean> {
  let isMade = false;
  await track(breaker, key, operation, async ({ report }) => {
    isMade = true;
    report(exchange, ms);
  }).catch((error: unknown) => expect(error).toMatchObject({ kind: 'outage', outcome: 'not_sent' }));
  return isMade;
}

export async function makeMany(
  breaker: CircuitBreaker,
  count: number,
  exchange: HttpResult,
  options = {},
): Promise<void> {
  for (let made = 0; made < count; made += 1) await make(breaker, exchange, options);
}

export const isOpen = (breaker: CircuitBreaker, key = 'a') => breaker.rejection(key) !== undefined;

/** A circuit breaker without jitter, so that the circuit first opens for 10 s. */
export const makeBreaker = (report?: (report: CircuitReport) => void) =>
  new CircuitBreaker({ random: () => 0, report });

/** A fake clock that tests advance. */
export function useClock(): void {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['Date', 'performance'], now: START });
  });
  afterEach(() => {
    vi.useRealTimers();
  });
}
