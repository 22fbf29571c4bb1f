import { testRateLimiter } from '../rate-limit/cases.ts';

testRateLimiter({
  windowMs: 60_000,
  cap: 300,
  calls: 1_000,
  foreignRate: 60,
  apartMs: 3_000,
  lateMs: 2_600,
  atOnceMs: 500,
  recoveryMs: 0,
  timeoutMs: 290_000,
});
