import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { Quota } from '../../src/client/quota.ts';
import { createMemoryStore } from '../../src/client/store.ts';
import { mostInWindow, type Taker, take } from '../client/takers.ts';
import { type Mutation, mutate, type QuotaParts } from './quota-mutants.ts';

const START = Date.UTC(2026, 2, 14, 9, 0, 0);
const WINDOW = 60_000;
const PADDED = 61_000;
const SEED = 20260314;
const RUNS = 500;

type Step =
  | { do: 'ask'; count: number; background: boolean; patience: number | undefined }
  | { do: 'cancel'; which: number }
  | { do: 'hold'; ms: number | undefined }
  | { do: 'pass'; ms: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('ask' as const),
      count: fc.integer({ min: 1, max: 14 }),
      background: fc.boolean(),
      patience: fc.option(fc.integer({ min: 0, max: 200_000 }), { nil: undefined }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('cancel' as const), which: fc.nat(60) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('hold' as const),
      ms: fc.option(fc.integer({ min: 0, max: 90_000 }), { nil: undefined }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.oneof(fc.nat(3_000), fc.nat(70_000)) }),
  },
);

const story = fc.record({
  cap: fc.integer({ min: 1, max: 10 }),
  steps: fc.array(step, { minLength: 3, maxLength: 14, size: 'max' }),
  /** How much later than it was started each request reaches HeyReach: less than the pad. */
  latencies: fc.array(fc.constantFrom(0, 300, 999), { minLength: 200, maxLength: 200 }),
});
type Story = typeof story extends fc.Arbitrary<infer Value> ? Value : never;

interface Hold {
  at: number;
  until: number;
  /** Calls that had started by then. */
  begun: ReadonlySet<Taker>;
}

interface Told {
  takers: Taker[];
  /** In the order in which they started. */
  started: Taker[];
  holds: Hold[];
}

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

/** Lives through a story on the fake clock, until every call has its slot or its refusal. */
async function tell({ cap, steps }: Story, parts: QuotaParts): Promise<Told> {
  vi.clearAllTimers();
  vi.setSystemTime(START);
  const quota = new parts.Quota({ key: 'fingerprint', store: parts.createMemoryStore(), cap });
  const takers: Taker[] = [];
  const started: Taker[] = [];
  const holds: Hold[] = [];
  const noteStarts = () => {
    const fresh = takers.filter((taker) => taker.startedAt !== undefined && !started.includes(taker));
    started.push(...fresh.sort((a, b) => a.startedAt! - b.startedAt!));
  };
  for (const next of steps) {
    if (next.do === 'pass') await pass(next.ms);
    else if (next.do === 'cancel') takers[next.which]?.cancel();
    else if (next.do === 'ask') {
      const deadline = next.patience === undefined ? undefined : Date.now() + next.patience;
      for (let call = 0; call < next.count; call += 1) {
        takers.push(take(quota, { background: next.background, deadline }));
      }
    } else {
      noteStarts();
      const at = Date.now();
      const oldest = started.map(({ startedAt }) => startedAt!).find((start) => at - start < PADDED);
      const asked = next.ms === undefined ? Math.max(at + 5_000, (oldest ?? 0) + WINDOW) : at + next.ms;
      quota.hold(next.ms);
      holds.push({ at, until: asked, begun: new Set(started) });
    }
    await pass(0);
    noteStarts();
  }
  const windows = Math.ceil(takers.length / Math.max(1, Math.floor(cap * 0.8))) + 4;
  await pass(windows * PADDED);
  noteStarts();
  return { takers, started, holds };
}

/** Everything that has to be true of any story; throws at the first thing that is not. */
function check({ cap, latencies }: Story, { takers, started, holds }: Told): void {
  const starts = started.map(({ startedAt }) => startedAt!);
  const arrivals = starts.map((at, index) => at + latencies[index % latencies.length]!).sort((a, b) => a - b);
  expect(mostInWindow(arrivals, WINDOW), 'requests that reach HeyReach in a window').toBeLessThanOrEqual(cap);

  for (const { at, until, begun } of holds) {
    for (const taker of started) {
      if (begun.has(taker)) continue;
      expect(taker.startedAt, `nothing starts in the hold made at ${at - START}`).toBeGreaterThanOrEqual(until);
    }
  }

  const reserve = Math.max(1, Math.floor(cap * 0.8));
  for (const [place, taker] of started.entries()) {
    if (!taker.background) continue;
    const before = starts.slice(0, place).filter((at) => taker.startedAt! - at < PADDED);
    expect(before.length, 'slots in use when background work starts').toBeLessThan(reserve);
  }

  const people = started.filter(({ background }) => !background).map((taker) => takers.indexOf(taker));
  expect(people, 'first come, first served').toEqual([...people].sort((a, b) => a - b));

  const holdTimes = holds.map(({ at }) => at);
  for (const taker of takers) {
    if (taker.startedAt !== undefined) {
      expect(taker.cancelledAt, 'a cancelled call never starts').toBeUndefined();
      expect(taker.startedAt, 'no call starts after its deadline').toBeLessThanOrEqual(taker.deadline);
      continue;
    }
    expect(taker.failedAt, 'every call comes to an end').toBeDefined();
    if (taker.cancelledAt !== undefined) {
      expect(taker.failedAt).toBe(taker.cancelledAt);
      continue;
    }
    expect(taker.error).toMatchObject({ kind: 'rate_limited', outcome: 'not_sent' });
    const { retryAfterSeconds } = taker.error as { retryAfterSeconds: number };
    expect(taker.failedAt! + retryAfterSeconds * 1_000, 'a refusal means a wait past the deadline').toBeGreaterThan(
      taker.deadline,
    );
    if (taker.background) continue;
    expect([taker.askedAt, ...holdTimes], 'a refusal comes at once, or with a hold').toContain(taker.failedAt);
  }
}

function property(parts: QuotaParts) {
  return fc.asyncProperty(story, async (given) => check(given, await tell(given, parts)));
}

beforeAll(() => {
  vi.useFakeTimers();
});
afterAll(() => {
  vi.useRealTimers();
});

describe('the quota, over arrivals, cancellations, holds and background work', () => {
  test('keeps its promises', async () => {
    await fc.assert(property({ Quota, createMemoryStore }), { seed: SEED, numRuns: RUNS });
  });

  test('says beforehand how long a call will wait', async () => {
    const arrivals = fc.record({
      cap: fc.integer({ min: 1, max: 8 }),
      hold: fc.option(fc.nat(100_000), { nil: undefined }),
      gaps: fc.array(fc.oneof(fc.constant(0), fc.nat(9_000), fc.nat(70_000)), { minLength: 5, maxLength: 30 }),
    });
    await fc.assert(
      fc.asyncProperty(arrivals, async ({ cap, hold, gaps }) => {
        vi.clearAllTimers();
        vi.setSystemTime(START);
        const quota = new Quota({ key: 'fingerprint', store: createMemoryStore(), cap });
        if (hold !== undefined) quota.hold(hold);
        const asked: { predicted: number; taker: Taker }[] = [];
        for (const gap of gaps) {
          await pass(gap);
          const refused = await quota.take({ deadline: Date.now() - 1 }).catch((error: unknown) => error);
          const { retryAfterSeconds } = refused as { retryAfterSeconds: number };
          asked.push({ predicted: retryAfterSeconds, taker: take(quota) });
          await pass(0);
        }
        await pass((gaps.length + 2) * PADDED);
        for (const { predicted, taker } of asked) {
          expect(Math.max(1, Math.ceil((taker.startedAt! - taker.askedAt) / 1_000))).toBe(predicted);
        }
      }),
      { seed: SEED, numRuns: RUNS },
    );
  });
});

const MUTATIONS: [string, Mutation][] = [
  ['the window has no pad', { 'const PAD = 1 / 60;': 'const PAD = 0;' }],
  [
    'a hold lasts as long as the last to speak asked for',
    {
      'this.#heldUntil = Math.max(this.#heldUntil, until);': 'this.#heldUntil = until;',
      'holds.set(key, Math.max(until, holds.get(key) ?? 0));': 'holds.set(key, until);',
    },
  ],
  ['a hold refuses nobody', { 'if (now + wait > waiter.deadline) {': 'if (now + wait < 0) {' }],
  ['a hold is not predicted', { 'let at = Math.max(now, this.#heldUntil);': 'let at = now;' }],
  ['background work takes every slot', { 'const BACKGROUND_SHARE = 0.8;': 'const BACKGROUND_SHARE = 1;' }],
  ['background work comes in a burst', { 'if (!this.#isAdmitting) this': 'this' }],
  [
    'starts are not remembered',
    { 'this.#recentStarts(this.#lastUsed).push(this.#lastUsed);': 'this.#recentStarts(this.#lastUsed);' },
  ],
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
