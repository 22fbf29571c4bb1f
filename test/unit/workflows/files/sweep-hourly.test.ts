import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { sweepHourly } from '../../../../src/workflows/files/sweep-hourly.ts';

const HOUR_MS = 3_600_000;
beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  // The order matters: the spy replaces the fake timer, and would otherwise stay for the next files of this process.
  vi.restoreAllMocks();
  vi.useRealTimers();
});

test('sweeps at the start and every hour until it is stopped', async () => {
  const sweep = vi.fn(async () => {});
  const end = sweepHourly([{ sweep }, { sweep }], { warn: () => {} });
  await vi.advanceTimersByTimeAsync(0);
  expect(sweep).toHaveBeenCalledTimes(2);
  await vi.advanceTimersByTimeAsync(2 * HOUR_MS);
  expect(sweep).toHaveBeenCalledTimes(6);
  end();
  await vi.advanceTimersByTimeAsync(2 * HOUR_MS);
  expect(sweep).toHaveBeenCalledTimes(6);
});

test('logs a failed sweep, and runs the others', async () => {
  const sweep = vi.fn(async () => {});
  const warn = vi.fn();
  const broken = { sweep: async () => Promise.reject(new Error('no space')) };
  const end = sweepHourly([broken, { sweep }], { warn });
  await vi.advanceTimersByTimeAsync(0);
  expect(sweep).toHaveBeenCalledOnce();
  expect(warn.mock.calls).toEqual([[{ err: 'Error: no space' }, expect.stringContaining('could not be removed')]]);
  end();
});

test('does not keep the process alive', () => {
  const timer = { unref: vi.fn() };
  vi.spyOn(globalThis, 'setInterval').mockReturnValue(timer as never);
  sweepHourly([], { warn: () => {} });
  expect(timer.unref).toHaveBeenCalledOnce();
});
