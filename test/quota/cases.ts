import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mostInWindow } from '../client/takers.ts';
import { type Sandboxes, startSandboxes } from './sandboxes.ts';
import { type Outcome, play, type Report, type Scenario } from './scenario.ts';

const PAD_MS = 1_000;
/** Requests that come so late undo what the pad is for, and a process held up for so long is late with everything. */
const SLOW_MS = 900;
const STALL_MS = 500;

/** One run of the cases: how large, and how exact the machine can be. */
export interface Measure {
  windowMs: number;
  cap: number;
  calls: number;
  /** What the other program spends in a window. */
  foreignRate: number;
  /** The scenarios begin so far apart, so that their bursts do not meet. */
  apartMs: number;
  /** The last call starts at most so much after the ideal. */
  lateMs: number;
  /** What counts as at once. */
  atOnceMs: number;
  /** The whole rate is back one window after the other program has left, and so much. */
  recoveryMs: number;
  timeoutMs: number;
  /** The machine has nothing better to do: what it does late is a fault. */
  isExact: boolean;
}

const CASES = (['sliding', 'fixed'] as const).flatMap((window) => [
  { window, retryAfter: 'none' as const, name: `${window} window, beside another program, 429s without Retry-After` },
  { window, retryAfter: 'seconds' as const, name: `${window} window, beside another program, 429s with Retry-After` },
  { window, retryAfter: undefined, name: `${window} window, alone` },
]);

/** Defines the tests of the quota over real HTTP and in real time. */
export function testQuota(measure: Measure): void {
  const { windowMs, cap, calls } = measure;
  let sandboxes: Sandboxes;
  beforeAll(() => {
    sandboxes = startSandboxes();
  });
  afterAll(() => sandboxes.end());

  describe.concurrent(`${calls} calls at once, ${cap} allowed in ${windowMs / 1_000} s`, () => {
    for (const [place, { window, retryAfter, name }] of CASES.entries()) {
      test(name, { timeout: measure.timeoutMs }, async () => {
        await new Promise((resolve) => setTimeout(resolve, place * measure.apartMs));
        const foreign = retryAfter && { rate: measure.foreignRate, retryAfter };
        const scenario: Scenario = { window, windowMs, cap, calls, ...(foreign && { foreign }) };
        const report = await play(scenario, sandboxes);
        if (process.env.QUOTA_TELL !== undefined) console.log(name, tellOf(report, scenario));
        if (foreign === undefined) checkAlone(report, measure);
        else checkBeside(report, measure);
      });
    }
  });
}

function wasTooBusy({ slowestMs, stallMs }: Report, { isExact }: Measure): boolean {
  return !isExact && (slowestMs > SLOW_MS || stallMs > STALL_MS);
}

function checkAlone(report: Report, measure: Measure): void {
  const { outcomes, ours } = report;
  const { windowMs, cap, calls, lateMs } = measure;
  expect(outcomes.filter(({ error }) => error !== undefined)).toEqual([]);
  const starts = ours.map(({ at }) => at).sort((a, b) => a - b);
  const ideal = (Math.ceil(calls / cap) - 1) * (windowMs + PAD_MS);
  expect(starts.at(-1)! - starts[0]!, 'from the first start to the last').toBeLessThanOrEqual(ideal + lateMs);
  if (wasTooBusy(report, measure)) return;
  expect(ours.filter(({ status }) => status === 429)).toEqual([]);
  expect(starts).toHaveLength(calls);
  expect(mostInWindow(starts, windowMs)).toBe(cap);
}

function checkBeside(report: Report, measure: Measure): void {
  const { outcomes, ours, foreign, leftAt } = report;
  const { windowMs, cap, atOnceMs, recoveryMs } = measure;
  expect(
    foreign.some(({ status }) => status === 200),
    'the other program got something',
  ).toBe(true);
  expect(
    ours.some(({ status }) => status === 429),
    'we were refused',
  ).toBe(true);

  const failed = outcomes.filter(({ error }) => error !== undefined);
  expect(
    failed.filter(({ deadline }) => deadline === undefined),
    'failures without a deadline',
  ).toEqual([]);
  expect(failed.length).toBeGreaterThan(0);
  const isAtOnce = ({ askedAt, endedAt }: Outcome) =>
    [askedAt, ...report.refusedAt].some((moment) => endedAt >= moment && endedAt - moment <= atOnceMs);
  for (const outcome of wasTooBusy(report, measure) ? [] : failed) {
    const { error, endedAt, deadline } = outcome;
    expect(error).toMatchObject({ kind: 'rate_limited', retryAfterSeconds: expect.any(Number) });
    expect(endedAt, 'never late').toBeLessThanOrEqual(deadline!);
    expect(isAtOnce(outcome), 'as it was asked for, or with a 429').toBe(true);
  }

  const padded = windowMs + PAD_MS;
  const accepted = ours.filter(({ status }) => status === 200).map(({ at }) => at);
  const afterwards = accepted.filter((at) => at >= leftAt && at < leftAt + 2 * padded + recoveryMs);
  expect(
    mostInWindow(
      afterwards.sort((a, b) => a - b),
      padded,
    ),
    'the whole rate is back',
  ).toBeGreaterThanOrEqual(cap);
}

/** The numbers of a run, for people. */
function tellOf({ outcomes, ours, foreign, leftAt, stallMs, slowestMs }: Report, { windowMs }: Scenario) {
  const first = Math.min(...ours.map(({ at }) => at));
  const bursts = new Map<string, number>();
  for (const { at, status } of ours) {
    const burst = `${Math.round((at - first) / 1_000)} s: ${status}`;
    bursts.set(burst, (bursts.get(burst) ?? 0) + 1);
  }
  const starts = ours.map(({ at }) => at).sort((a, b) => a - b);
  return {
    lastStart: starts.at(-1)! - first,
    mostInWindow: mostInWindow(starts, windowMs),
    refused: ours.filter(({ status }) => status === 429).length,
    foreign: [foreign.length, foreign.filter(({ status }) => status === 200).length],
    failed: outcomes.filter(({ error }) => error !== undefined).length,
    leftAt: leftAt - first,
    stallMs: Math.round(stallMs),
    slowestMs,
    bursts: Object.fromEntries(bursts),
  };
}
