import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mostInWindow } from '../../unit/client/rate-limit/permit-takers.ts';
import { type Sandboxes, startSandboxes } from './sandboxes.ts';
import { type Outcome, play, type Report, type Scenario } from './scenario.ts';

const PAD_MS = 1_000;
/** A request later than SLOW_MS exceeds the pad. A process blocked for STALL_MS delays everything. */
const SLOW_MS = 900;
const STALL_MS = 500;

/** The size of one run of the cases, and its tolerances. */
export interface Measure {
  windowMs: number;
  cap: number;
  calls: number;
  /** Requests of the other program in a window. */
  foreignRate: number;
  /** Time between the starts of scenarios, so that their bursts do not overlap. */
  apartMs: number;
  /** The last call starts at most this long after the ideal. */
  lateMs: number;
  /** The tolerance for an immediate rejection. */
  atOnceMs: number;
  /** The whole rate is available again this long after a window without the other program. */
  recoveryMs: number;
  timeoutMs: number;
}

const CASES = (['sliding', 'fixed'] as const).flatMap((window) => [
  { window, retryAfter: 'none' as const, name: `${window} window, with another program, 429s without Retry-After` },
  { window, retryAfter: 'seconds' as const, name: `${window} window, with another program, 429s with Retry-After` },
  { window, retryAfter: undefined, name: `${window} window, alone` },
]);

/** Defines the tests of the rate limiter over real HTTP and in real time. */
export function testRateLimiter(measure: Measure): void {
  const { windowMs, cap, calls } = measure;
  let sandboxes: Sandboxes;
  beforeAll(() => {
    sandboxes = startSandboxes();
  });
  afterAll(() => sandboxes.end());

  describe.concurrent(`${calls} calls at once, ${cap} allowed in ${windowMs / 1_000} s`, () => {
    for (const [place, { window, retryAfter, name }] of CASES.entries()) {
      test(name, { timeout: measure.timeoutMs }, async ({ skip }) => {
        await new Promise((resolve) => setTimeout(resolve, place * measure.apartMs));
        const foreign = retryAfter && { rate: measure.foreignRate, retryAfter };
        const scenario: Scenario = { window, windowMs, cap, calls, ...(foreign && { foreign }) };
        const report = await play(scenario, sandboxes);
        if (process.env.QUOTA_TELL !== undefined) console.log(name, summaryOf(report, scenario));
        if (foreign === undefined) checkAlone(report, measure);
        else checkBeside(report, measure);
        // The report of the run shows the cases that remain unchecked then.
        skip(wasTooBusy(report), 'the machine was too busy to check what depends on single requests being in time');
      });
    }
  });
}

/** Whether the machine delayed the program or its requests for longer than the limiter allows for. */
function wasTooBusy({ slowestMs, stallMs }: Report): boolean {
  return slowestMs > SLOW_MS || stallMs > STALL_MS;
}

function checkAlone(report: Report, measure: Measure): void {
  const { outcomes, ours } = report;
  const { windowMs, cap, calls, lateMs } = measure;
  expect(outcomes.filter(({ error }) => error !== undefined)).toEqual([]);
  const starts = ours.map(({ at }) => at).sort((a, b) => a - b);
  const windows = Math.ceil(calls / cap) - 1;
  const ideal = windows * (windowMs + PAD_MS);
  // Each window begins late by the delay of a process or a request. That measured delay is not a fault of the limiter.
  const heldUpMs = windows * Math.max(report.stallMs, report.slowestMs);
  const took = starts.at(-1)! - starts[0]!;
  expect(took, 'from the first start to the last').toBeLessThanOrEqual(ideal + lateMs + heldUpMs);
  if (wasTooBusy(report)) return;
  expect(ours.filter(({ status }) => status === 429)).toEqual([]);
  expect(starts).toHaveLength(calls);
  expect(mostInWindow(starts, windowMs)).toBe(cap);
}

function checkBeside(report: Report, measure: Measure): void {
  const { outcomes, ours, foreign, leftAt } = report;
  const { windowMs, cap, atOnceMs, recoveryMs } = measure;
  expect(
    foreign.some(({ status }) => status === 200),
    'the other program got a 200',
  ).toBe(true);
  expect(
    ours.some(({ status }) => status === 429),
    'our program got a 429',
  ).toBe(true);

  const failed = outcomes.filter(({ error }) => error !== undefined);
  expect(
    failed.filter(({ deadline }) => deadline === undefined),
    'failures without a deadline',
  ).toEqual([]);
  expect(failed.length).toBeGreaterThan(0);
  const isAtOnce = ({ askedAt, endedAt }: Outcome) =>
    [askedAt, ...report.refusedAt].some((moment) => endedAt >= moment && endedAt - moment <= atOnceMs);
  for (const outcome of wasTooBusy(report) ? [] : failed) {
    const { error, endedAt, deadline } = outcome;
    expect(error).toMatchObject({ kind: 'rate_limited', retryAfterSeconds: expect.any(Number) });
    expect(endedAt, 'never late').toBeLessThanOrEqual(deadline!);
    expect(isAtOnce(outcome), 'at once, or with a 429').toBe(true);
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

/** The measurements of a run, for the console. */
function summaryOf({ outcomes, ours, foreign, leftAt, stallMs, slowestMs }: Report, { windowMs }: Scenario) {
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
