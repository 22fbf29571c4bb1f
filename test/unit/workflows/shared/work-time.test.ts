import { expect, test } from 'vitest';
import { startWork } from '../../../../src/workflows/shared/work-time.ts';

test.each([
  ['the usual 55 s', 54_000, 43_000],
  ['more time than a client waits', 90_000, 43_000],
  ['a short deadline', 3_000, 2_400],
  ['a deadline in the past', -5_000, 0],
])('%s leaves time for the result', (_, left, workMs) => {
  let now = 1_000_000;
  const time = startWork({ deadline: now + left, background: true }, () => now);
  expect(time.call).toEqual({ deadline: 1_000_000 + workMs, background: true });
  expect(time.isOver()).toBe(workMs === 0);
  now += workMs;
  expect(time.isOver()).toBe(true);
});

test('a job has no deadline, and its work ends when it is done', () => {
  let now = 5;
  const call = { background: true };
  const time = startWork(call, () => now);
  // The object stays the same: the class of its requests changes while the job runs.
  expect(time.call).toBe(call);
  now += 3_600_000;
  expect(time.isOver()).toBe(false);
});
