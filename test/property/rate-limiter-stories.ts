import fc from 'fast-check';
import { expect, vi } from 'vitest';
import type { PermitAnswer } from '../../src/state/permits.ts';
import { mostInWindow, type Taker, take } from '../unit/client/rate-limit/permit-takers.ts';
import type { LimiterParts } from './rate-limiter-mutants.ts';

const WINDOW = 60_000;
const PADDED = 61_000;
/** The time that a call needs after its wait. */
const ANSWER = 1_000;
const HOUR = 3_600_000;

type Act =
  | { do: 'ask'; count: number; background: boolean; patience: number | undefined }
  /** Asks, and leaves before it can get a permit. Other calls ask in between. */
  | { do: 'change mind'; count: number; behind: number; background: boolean }
  | { do: 'cancel'; which: number }
  | { do: 'cancel all' }
  | { do: 'hold'; ms: number | undefined };

type Step =
  | Act
  | { do: 'pass'; ms: number }
  | { do: 'set clock'; by: number }
  | { do: 'plan'; after: number; act: Act };

const background = fc.boolean();
const act: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('ask' as const),
      count: fc.integer({ min: 1, max: 14 }),
      background,
      patience: fc.option(fc.integer({ min: -1, max: 200_000 }), { nil: undefined }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('change mind' as const),
      count: fc.integer({ min: 1, max: 5 }),
      behind: fc.nat(3),
      background,
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('cancel' as const), which: fc.nat(60) }) },
  { weight: 1, arbitrary: fc.constant({ do: 'cancel all' as const }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('hold' as const),
      ms: fc.option(fc.oneof(fc.constantFrom(0, 1, 20_000), fc.nat(90_000)), { nil: undefined }),
    }),
  },
);

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: act },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('pass' as const),
      ms: fc.oneof(fc.nat(3_000), fc.nat(70_000), fc.constantFrom(1_000, 20_000, PADDED - 1, PADDED)),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('set clock' as const), by: fc.constantFrom(HOUR, -HOUR) }) },
  {
    // In the same ms in which a window or a hold ends, before the timer of the limiter fires.
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('plan' as const),
      after: fc.constantFrom(5_000, 20_000, PADDED - 1, PADDED),
      act,
    }),
  },
);

export const story = fc.record({
  cap: fc.integer({ min: 1, max: 10 }),
  steps: fc.array(step, { minLength: 3, maxLength: 16, size: 'max' }),
  /** The time between the start of each request and its arrival at HeyReach: less than the pad. */
  latencies: fc.array(fc.constantFrom(0, 300, 999), { minLength: 200, maxLength: 200 }),
});
type Story = typeof story extends fc.Arbitrary<infer Value> ? Value : never;

interface Hold {
  at: number;
  until: number;
  /** The calls that had started by then. */
  begun: ReadonlySet<Taker>;
}

interface Played {
  takers: Taker[];
  /** In the order of their starts. */
  started: Taker[];
  holds: Hold[];
  /** Permits taken from the store and not returned. */
  slots: number;
}

/** The monotonic clock. */
const now = () => performance.now();
export const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);
const endOf = (taker: Taker) => taker.startedAt ?? taker.cancelledAt ?? taker.failedAt ?? Number.POSITIVE_INFINITY;

/** Plays a story on the fake clock, until every call has a permit or an error. */
export async function play({ cap, steps }: Story, parts: LimiterParts): Promise<Played> {
  vi.clearAllTimers();
  const permits = parts.permitsInMemory();
  const taken = new Set<unknown>();
  const counting = {
    ...permits,
    take(...args: Parameters<typeof permits.take>) {
      const answer = permits.take(...args) as PermitAnswer;
      if (answer.waitMs <= 0) taken.add(args[1].ticket);
      return answer;
    },
    drop(...args: Parameters<typeof permits.drop>) {
      taken.delete(args[1].ticket);
      return permits.drop(...args);
    },
  };
  const limiter = new parts.RateLimiter({ key: 'fingerprint', permits: counting, cap });
  const takers: Taker[] = [];
  const started: Taker[] = [];
  const holds: Hold[] = [];
  const noteStarts = () => {
    const fresh = takers.filter((taker) => taker.startedAt !== undefined && !started.includes(taker));
    started.push(...fresh.sort((a, b) => a.startedAt! - b.startedAt!));
  };
  const ask = (count: number, options: Parameters<typeof take>[1]) => {
    const fresh = Array.from({ length: count }, () => take(limiter, options, now));
    takers.push(...fresh);
    return fresh;
  };
  const carryOut = (action: Act) => {
    noteStarts();
    if (action.do === 'cancel') takers[action.which]?.cancel();
    else if (action.do === 'cancel all') for (const taker of takers) taker.cancel();
    else if (action.do === 'change mind') {
      const leaving = ask(action.count, { background: action.background });
      ask(action.behind, { background: action.background });
      for (const taker of leaving) taker.cancel();
    } else if (action.do === 'ask') {
      const deadline = action.patience === undefined ? undefined : Date.now() + action.patience;
      ask(action.count, { background: action.background, deadline });
    } else {
      const at = now();
      const oldest = started.map(({ startedAt }) => startedAt!).find((start) => at - start < PADDED);
      const until = action.ms === undefined ? Math.max(at + 5_000, (oldest ?? -WINDOW) + WINDOW) : at + action.ms;
      limiter.hold(action.ms);
      holds.push({ at, until, begun: new Set(started) });
    }
  };
  for (const next of steps) {
    if (next.do === 'pass') await pass(next.ms);
    else if (next.do === 'set clock') vi.setSystemTime(Date.now() + next.by);
    else if (next.do === 'plan') setTimeout(() => carryOut(next.act), next.after);
    else carryOut(next);
    await pass(0);
    noteStarts();
  }
  await pass(2 * PADDED);
  const windows = Math.ceil(takers.length / Math.max(1, Math.floor(cap * 0.8))) + 4;
  await pass(windows * PADDED);
  noteStarts();
  expect(vi.getTimerCount(), 'timers left').toBe(0);
  return { takers, started, holds, slots: taken.size };
}

/** Checks everything that must hold for any story. Throws at the first violation. */
export function check(planned: Story, played: Played): void {
  checkStarts(planned, played);
  checkNoIdling(planned, played);
  for (const taker of played.takers) checkEnd(taker, played);
}

function checkStarts({ cap, latencies }: Story, { takers, started, holds, slots }: Played): void {
  const starts = started.map(({ startedAt }) => startedAt!);
  const arrivals = starts.map((at, index) => at + latencies[index % latencies.length]!).sort((a, b) => a - b);
  expect(mostInWindow(arrivals, WINDOW), 'requests that reach HeyReach in a window').toBeLessThanOrEqual(cap);
  expect(slots, 'permits taken, one for each start').toBe(started.length);

  for (const { at, until, begun } of holds) {
    for (const taker of started) {
      if (begun.has(taker)) continue;
      expect(taker.startedAt, `nothing starts in the hold made at ${at}`).toBeGreaterThanOrEqual(until);
    }
  }

  const reserve = Math.max(1, Math.floor(cap * 0.8));
  for (const [place, taker] of started.entries()) {
    if (!taker.background) continue;
    const before = starts.slice(0, place).filter((at) => taker.startedAt! - at < PADDED);
    expect(before.length, 'permits in use when background work starts').toBeLessThan(reserve);
    const passedBy = takers.some(
      (other) => !other.background && other.askedAt < taker.startedAt! && endOf(other) > taker.startedAt!,
    );
    expect(passedBy, 'background work starts while a foreground call waits').toBe(false);
  }

  for (const line of [true, false]) {
    const order = started.filter((taker) => taker.background === line).map((taker) => takers.indexOf(taker));
    expect(order, 'first come, first served').toEqual([...order].sort((a, b) => a - b));
  }
}

/** No call waits at a moment at which it could start. */
function checkNoIdling({ cap }: Story, { takers, started, holds }: Played): void {
  const starts = started.map(({ startedAt }) => startedAt!);
  const foreground = takers.filter((taker) => !taker.background);
  // A permit can become free only at these moments, so checking them is enough.
  const moments = [
    ...starts.map((at) => at + PADDED),
    ...holds.map(({ until }) => until),
    ...foreground.map(endOf),
    ...takers.map(({ askedAt }) => askedAt),
  ];
  const reserve = Math.max(1, Math.floor(cap * 0.8));
  for (const moment of new Set(moments)) {
    if (holds.some(({ at, until }) => at <= moment && moment < until)) continue;
    const used = starts.filter((at) => at <= moment && moment - at < PADDED).length;
    const waits = (taker: Taker) => taker.askedAt <= moment && moment < endOf(taker);
    if (used < cap) expect(foreground.some(waits), `a foreground call waits at ${moment} for nothing`).toBe(false);
    const isFree = used < reserve && !foreground.some(waits);
    if (isFree) expect(takers.some(waits), `background work waits at ${moment} for nothing`).toBe(false);
  }
}

function checkEnd(taker: Taker, { takers, holds }: Played): void {
  const { askedAt, startedAt, failedAt, cancelledAt, deadline, promised } = taker;
  const changes = [
    ...holds.map(({ at }) => at),
    ...takers.filter((other) => taker.background && !other.background).map((other) => other.askedAt),
  ];
  if (startedAt !== undefined) {
    expect(cancelledAt, 'a cancelled call never starts').toBeUndefined();
    const waited = startedAt - askedAt;
    expect(waited > 0 ? startedAt + ANSWER : startedAt, 'a call that waited has time left').toBeLessThanOrEqual(
      deadline,
    );
    const wasLengthened = changes.some((at) => at >= askedAt && at <= startedAt);
    if (!wasLengthened) expect(waited, 'no wait is longer than was promised').toBeLessThanOrEqual(promised);
    return;
  }
  expect(failedAt, 'every call comes to an end').toBeDefined();
  if (cancelledAt !== undefined) {
    expect(failedAt).toBe(cancelledAt);
    expect(taker.error).toMatchObject({ kind: 'cancelled', outcome: 'not_sent' });
    return;
  }
  if (deadline < askedAt) {
    expect(taker.error).toMatchObject({ kind: 'timeout', outcome: 'not_sent' });
    return;
  }
  expect(taker.error).toMatchObject({ kind: 'rate_limited', outcome: 'not_sent' });
  const { retryAfterSeconds } = taker.error as { retryAfterSeconds: number };
  expect(failedAt! + retryAfterSeconds * 1_000 + ANSWER, 'a rejected call had no time to wait').toBeGreaterThan(
    deadline,
  );
  expect([askedAt, ...changes], 'a rejection comes at once, or with the change that made the wait longer').toContain(
    failedAt,
  );
  if (changes.some((at) => at === askedAt)) return;
  const wasHopeless = promised > 0 ? promised + ANSWER > deadline - askedAt : deadline < askedAt;
  expect(wasHopeless, 'a call that is rejected at once could not have started in time').toBe(failedAt === askedAt);
}
