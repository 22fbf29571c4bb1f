import { testQuota } from './cases.ts';

// The same as test/realtime/quota.test.ts, in seconds instead of minutes and on a machine that has more to do.
testQuota({
  windowMs: 2_000,
  cap: 30,
  calls: 95,
  foreignRate: 6,
  apartMs: 150,
  lateMs: 15_000,
  atOnceMs: 1_000,
  // A hold without Retry-After is five seconds long, more than this window.
  recoveryMs: 10_000,
  timeoutMs: 60_000,
  isExact: false,
});
