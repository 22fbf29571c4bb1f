import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isHttpError } from '../../../../src/lib/http-error.ts';
import { ConcurrencyLimiter, type Slot } from '../../../../src/transports/http/concurrency-limiter.ts';
import { runs } from '../../../support/runs/runs.ts';

describe('concurrency limits', () => {
  test('one caller at its limit does not block others', () => {
    const limiter = new ConcurrencyLimiter({ perCaller: 2, all: 10 }, 'requests');
    const slots = [limiter.acquire('ann'), limiter.acquire('ann')] as Slot[];
    expect(limiter.acquire('ann')).toEqual({
      status: 429,
      code: -32_600,
      reason: 'caller_busy',
      message: 'You have the maximum of 2 requests open. Nothing was done. Retry when one has ended.',
      headers: { 'retry-after': '1' },
    });
    expect(isHttpError(limiter.acquire('ben'))).toBe(false);
    slots[0]!.release();
    expect(isHttpError(limiter.acquire('ann'))).toBe(false);
  });

  test('rejects a request above the limit of all callers', () => {
    const limiter = new ConcurrencyLimiter({ perCaller: 2, all: 3 }, 'streams');
    for (const name of ['ann', 'ben', 'cem']) expect(isHttpError(limiter.acquire(name))).toBe(false);
    expect(limiter.acquire('dan')).toEqual({
      status: 503,
      code: -32_603,
      reason: 'server_busy',
      message: 'The server is busy: 3 streams are open. Nothing was done. Retry the request.',
      headers: { 'retry-after': '1' },
    });
  });

  test('grants several slots at once, or none', () => {
    const limiter = new ConcurrencyLimiter({ perCaller: 3, all: 4 }, 'requests');
    expect(limiter.acquire('ann', 4)).toMatchObject({ status: 429 });
    expect(limiter.size).toBe(0);
    const slot = limiter.acquire('ann', 3) as Slot;
    expect(limiter.acquire('ben', 2)).toMatchObject({ status: 503 });
    expect(limiter.size).toBe(3);
    slot.release();
    expect(limiter.size).toBe(0);
  });

  test('accepts a body without requests at the limit', () => {
    const limiter = new ConcurrencyLimiter({ perCaller: 1, all: 1 }, 'requests');
    limiter.acquire('ann');
    expect(isHttpError(limiter.acquire('ann', 0))).toBe(false);
    expect(isHttpError(limiter.acquire('ben', 0))).toBe(false);
    expect(limiter.size).toBe(1);
  });

  test('releases a slot once', () => {
    const limiter = new ConcurrencyLimiter({ perCaller: 2, all: 2 }, 'requests');
    const [first] = [limiter.acquire('ann'), limiter.acquire('ann')] as Slot[];
    first!.release();
    first!.release();
    expect(limiter.size).toBe(1);
    expect(isHttpError(limiter.acquire('ann'))).toBe(false);
    expect(isHttpError(limiter.acquire('ann'))).toBe(true);
  });
});

describe('slots in any order of acquire and release', () => {
  const CALLERS = ['ann', 'ben', 'cem', '__proto__'];
  const step = fc.oneof(
    fc.record({ caller: fc.constantFrom(...CALLERS), count: fc.nat(4) }),
    // Slots are released in any order, some of them twice.
    fc.record({ leave: fc.nat(60) }),
  );
  const story = fc.record({
    perCaller: fc.integer({ min: 1, max: 6 }),
    all: fc.integer({ min: 1, max: 12 }),
    steps: fc.array(step, { maxLength: 60 }),
  });

  test('keeps the limits, rejects no request without need, and releases every slot', () => {
    fc.assert(
      fc.property(story, ({ perCaller, all, steps }) => {
        const limiter = new ConcurrencyLimiter({ perCaller, all }, 'requests');
        const admitted: { caller: string; count: number; slot: Slot; isLeft: boolean }[] = [];
        const open = (caller?: string) =>
          admitted
            .filter((slot) => !slot.isLeft && (caller === undefined || slot.caller === caller))
            .reduce((sum, { count }) => sum + count, 0);
        for (const next of steps) {
          if ('leave' in next) {
            const left = admitted[next.leave];
            left?.slot.release();
            if (left !== undefined) left.isLeft = true;
          } else {
            const { caller, count } = next;
            const status = open(caller) + count > perCaller ? 429 : open() + count > all ? 503 : undefined;
            const outcome = limiter.acquire(caller, count);
            expect(isHttpError(outcome) ? outcome.status : undefined).toBe(status);
            if (!isHttpError(outcome)) admitted.push({ caller, count, slot: outcome, isLeft: false });
          }
          expect(limiter.size).toBe(open());
          expect(limiter.size).toBeLessThanOrEqual(all);
          for (const caller of CALLERS) expect(open(caller)).toBeLessThanOrEqual(perCaller);
        }
        for (const { slot } of admitted) slot.release();
        expect(limiter.size).toBe(0);
        for (const caller of CALLERS) {
          const slot = limiter.acquire(caller, Math.min(perCaller, all));
          expect(isHttpError(slot)).toBe(false);
          (slot as Slot).release();
        }
      }),
      { seed: 20260412, numRuns: runs(1_000) },
    );
  });
});
