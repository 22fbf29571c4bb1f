import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { RateLimiter } from '../../src/client/rate-limit/rate-limiter.ts';
import { permitsInMemory } from '../../src/state/memory/permits.ts';
import { runs } from '../support/runs/runs.ts';
import { take } from '../unit/client/rate-limit/permit-takers.ts';
import { type LimiterParts, type Mutation, mutate } from './rate-limiter-mutants.ts';
import { check, pass, play, story } from './rate-limiter-stories.ts';

const PADDED = 61_000;
const SEED = 20260314;
const RUNS = runs(600);

function property(parts: LimiterParts) {
  return fc.asyncProperty(story, async (planned) => check(planned, await play(planned, parts)));
}

beforeAll(() => {
  vi.useFakeTimers();
  vi.setSystemTime(Date.UTC(2026, 2, 14, 9, 0, 0));
});
afterAll(() => {
  vi.useRealTimers();
});

describe('the rate limiter, with arrivals, cancellations, holds, background work and changes of the system clock', () => {
  test('keeps all its guarantees', async () => {
    await fc.assert(property({ RateLimiter, permitsInMemory }), { seed: SEED, numRuns: RUNS });
  });

  test('predicts the wait of a call to the millisecond', async () => {
    const arrivals = fc.record({
      cap: fc.integer({ min: 1, max: 8 }),
      hold: fc.option(fc.nat(100_000), { nil: undefined }),
      background: fc.boolean(),
      gaps: fc.array(fc.oneof(fc.constant(0), fc.nat(9_000), fc.nat(70_000)), { minLength: 5, maxLength: 30 }),
    });
    await fc.assert(
      fc.asyncProperty(arrivals, async ({ cap, hold, background, gaps }) => {
        vi.clearAllTimers();
        const limiter = new RateLimiter({ key: 'fingerprint', permits: permitsInMemory(), cap });
        if (hold !== undefined) limiter.hold(hold);
        const takers: ReturnType<typeof take>[] = [];
        for (const gap of gaps) {
          await pass(gap);
          // Foreground calls come first, so that no call overtakes another.
          takers.push(take(limiter, { background: background && takers.length >= gaps.length / 2 }));
          await pass(0);
        }
        await pass((gaps.length + 2) * PADDED);
        expect(takers.map(({ askedAt, startedAt }) => startedAt! - askedAt)).toEqual(
          takers.map(({ promised }) => promised),
        );
      }),
      { seed: SEED, numRuns: RUNS },
    );
  });
});

const MUTATIONS: [string, Mutation][] = [
  ['the window has no pad', { 'const PAD_MS = 1_000;': 'const PAD_MS = 0;' }],
  ['the window is measured with the system clock', { 'performance.now': 'Date.now' }],
  [
    'the hold that was set last applies, not the one with the latest end',
    {
      'if (until <= this.#heldUntil) return;': '',
      'holds.set(key, Math.max(at, holds.get(key) ?? 0));': 'holds.set(key, at);',
    },
  ],
  ['a hold rejects no call', { 'this.#rejectHopeless(this.#waiting.foreground);': '' }],
  [
    'a hold is not part of the estimate',
    { 'const from = Math.max(now, queueAt, this.#heldUntil);': 'const from = Math.max(now, queueAt);' },
  ],
  ['a hold ends a moment late', { 'Math.max(1, Math.ceil(wait))': 'Math.max(20, Math.ceil(wait))' }],
  ['a timer is never set to an earlier time', { ' && this.#timerAt <= at && wait': ' && wait' }],
  ['background calls take every slot', { 'const BACKGROUND_SHARE = 0.8;': 'const BACKGROUND_SHARE = 1;' }],
  ['background calls do not wait behind the others', { 'priority: call.background ? 0 : 1': 'priority: 1' }],
  [
    'background calls are not rejected when foreground calls arrive',
    { 'if (!background) this.#rejectHopeless(this.#waiting.background);': '' },
  ],
  ['starts are not remembered', { 'this.#starts.push(now);': '' }],
  [
    'one start more than the cap per window',
    { 'if (this.#waitOfNext(performance.now()) > 0) this.#queue?.pause();': '' },
  ],
  ['a call that is cancelled when it would start does start', { 'if (signal?.aborted) throw signal.reason;': '' }],
  ['the permit of a cancelled call is lost', { 'this.#window.remove(call.startedAt);': '' }],
  ['the permit of a cancelled call is lost to other processes', { 'void this.#permits.drop(this.#key, call);': '' }],
  [
    'no call moves up when another is cancelled',
    { '    this.#startDue();\n  }\n\n  #holdUntil': '  }\n\n  #holdUntil' },
  ],
  ['a call may wait until its deadline itself', { 'const ANSWER_MS = 1_000;': 'const ANSWER_MS = 0;' }],
  ['only the next window is estimated', { 'cap, from) + Math.floor(ahead / cap)': 'cap, from) + Math.min(1, ahead)' }],
  [
    'the estimate for background calls ignores foreground calls',
    { '{ count: this.#waiting.foreground.size, cap': '{ count: 0, cap' },
  ],
];

describe('the properties detect a change of the source', () => {
  test('the unchanged source passes', async () => {
    await fc.assert(property(await mutate({})), { seed: SEED, numRuns: RUNS });
  });

  test.each(MUTATIONS)('%s', async (_, mutation) => {
    const report = await fc.check(property(await mutate(mutation)), {
      seed: SEED,
      // The first failing case ends the run. Some mutations need hundreds of cases.
      numRuns: 600,
      endOnFailure: true,
    });
    expect(report.failed).toBe(true);
  });
});
