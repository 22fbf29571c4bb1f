import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { Quota } from '../../src/client/quota.ts';
import { createMemoryStore } from '../../src/client/store.ts';
import { take } from '../client/takers.ts';
import { type Mutation, mutate, type QuotaParts } from './quota-mutants.ts';
import { check, pass, story, tell } from './quota-stories.ts';

const PADDED = 61_000;
const SEED = 20260314;
const RUNS = 600;

function property(parts: QuotaParts) {
  return fc.asyncProperty(story, async (given) => check(given, await tell(given, parts)));
}

beforeAll(() => {
  vi.useFakeTimers();
  vi.setSystemTime(Date.UTC(2026, 2, 14, 9, 0, 0));
});
afterAll(() => {
  vi.useRealTimers();
});

describe('the quota, over arrivals, cancellations, holds, background work and a clock that is set', () => {
  test('keeps its promises', async () => {
    await fc.assert(property({ Quota, createMemoryStore }), { seed: SEED, numRuns: RUNS });
  });

  test('says beforehand how long a call will wait, to the millisecond', async () => {
    const arrivals = fc.record({
      cap: fc.integer({ min: 1, max: 8 }),
      hold: fc.option(fc.nat(100_000), { nil: undefined }),
      background: fc.boolean(),
      gaps: fc.array(fc.oneof(fc.constant(0), fc.nat(9_000), fc.nat(70_000)), { minLength: 5, maxLength: 30 }),
    });
    await fc.assert(
      fc.asyncProperty(arrivals, async ({ cap, hold, background, gaps }) => {
        vi.clearAllTimers();
        const quota = new Quota({ key: 'fingerprint', store: createMemoryStore(), cap });
        if (hold !== undefined) quota.hold(hold);
        const takers: ReturnType<typeof take>[] = [];
        for (const gap of gaps) {
          await pass(gap);
          // Calls that somebody waits for come first, so that nothing passes the others by.
          takers.push(take(quota, { background: background && takers.length >= gaps.length / 2 }));
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
  ['the system clock measures the window', { 'performance.now': 'Date.now' }],
  [
    'a hold lasts as long as the last to speak asked for',
    {
      'if (until <= this.#heldUntil) return;': '',
      'holds.set(key, Math.max(at, holds.get(key) ?? 0));': 'holds.set(key, at);',
    },
  ],
  ['a hold refuses nobody', { 'this.#refuseHopeless(this.#foreground);': '' }],
  ['a hold is not predicted', { 'const from = Math.max(now, this.#heldUntil);': 'const from = now;' }],
  ['a hold ends a moment late', { 'Math.max(1, Math.ceil(wait))': 'Math.max(20, Math.ceil(wait))' }],
  ['a timer is never set to go off sooner', { ' && this.#timerAt <= at && wait': ' && wait' }],
  ['background work takes every slot', { 'const BACKGROUND_SHARE = 0.8;': 'const BACKGROUND_SHARE = 1;' }],
  ['background work waits among the others', { 'priority: call.background ? 0 : 1': 'priority: 1' }],
  ['background work is not told that others came', { 'if (!background) this.#refuseHopeless(this.#background);': '' }],
  ['starts are not remembered', { 'this.#starts.push(now);': '' }],
  ['one start too many opens the window', { 'if (this.#waitOfNext(performance.now()) > 0) this.#queue?.pause();': '' }],
  ['a call that left as it was let in starts', { 'if (signal?.aborted) throw signal.reason;': '' }],
  ['the slot of a call that left is lost', { 'this.#ledger.strike(start.at);': '' }],
  ['the slot of a call that left is lost to others', { 'this.#store.returnSlot(this.#key, start.on)': 'undefined' }],
  ['nobody moves up when a call leaves', { '    this.#startWhoIsDue();\n  }\n\n  #holdUntil': '  }\n\n  #holdUntil' }],
  ['a call may wait to its very deadline', { 'const ANSWER_MS = 1_000;': 'const ANSWER_MS = 0;' }],
  [
    'only the next window is foreseen',
    { 'slots, from) + Math.floor(ahead / slots)': 'slots, from) + Math.min(1, ahead)' },
  ],
  ['background work foresees no others', { '{ count: this.#foreground.size, slots': '{ count: 0, slots' }],
];

describe('the properties notice when', () => {
  test('nothing was broken: they hold', async () => {
    await fc.assert(property(await mutate({})), { seed: SEED, numRuns: RUNS });
  });

  test.each(MUTATIONS)('%s', async (_, mutation) => {
    const report = await fc.check(property(await mutate(mutation)), {
      seed: SEED,
      numRuns: RUNS,
      endOnFailure: true,
    });
    expect(report.failed).toBe(true);
  });
});
