import { testRateLimiter } from './cases.ts';

// The same cases as in the real-time test, in seconds instead of minutes, for a busy machine.
testRateLimiter({
  windowMs: 2_000,
  cap: 30,
  calls: 95,
  foreignRate: 6,
  apartMs: 150,
  lateMs: 15_000,
  atOnceMs: 1_000,
  // A hold without Retry-After is five seconds long, which is more than this window.
  recoveryMs: 10_000,
  timeoutMs: 60_000,
});
