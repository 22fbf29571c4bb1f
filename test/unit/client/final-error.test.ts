import { describe, expect, test } from 'vitest';
import type { HeyReachError } from '../../../src/client/errors.ts';
import { finalError } from '../../../src/client/final-error.ts';
import type { TransportErrorReason } from '../../../src/client/http-types.ts';
import { deadlineWhileWaiting, waitTooLong } from '../../../src/client/rate-limit/errors.ts';
import { errorFromResponse } from '../../../src/client/response-errors.ts';
import { errorFromTransport } from '../../../src/client/transport-errors.ts';

const transport = (reason: TransportErrorReason, requestSent: boolean) =>
  errorFromTransport({ type: 'error', reason, requestSent, inFlight: false, detail: '' });

const notSent = transport('refused', false);
const unclear = errorFromResponse(500, '{"errorMessage":"It broke"}');
const laterUnclear = transport('reset', true);
const rejected = errorFromResponse(400, '{"errorMessage":"No"}');
const limited = errorFromResponse(429, 'slow down', { retryAfterSeconds: 17 });
const noPermit = waitTooLong(41_000);

describe('the error of a call whose last attempt failed', () => {
  test.each([
    ['the only attempt', [rejected], rejected],
    ['an attempt that was not sent, without an unclear attempt before it', [limited, notSent], notSent],
    ['an unclear attempt outweighs a later attempt that was not sent', [unclear, notSent], unclear],
    ['an unclear attempt outweighs all later attempts that were not sent', [unclear, notSent, notSent], unclear],
    ['an unclear attempt outweighs a later 429', [unclear, limited], unclear],
    ['the latest unclear attempt outweighs the others', [unclear, laterUnclear, notSent], laterUnclear],
    ['an unclear last attempt after an attempt that was not sent', [notSent, unclear], unclear],
  ])('%s', (_, failures: HeyReachError[], expected) => {
    expect(finalError(failures, 'idempotent')).toBe(expected);
  });

  test.each(['idempotent', 'never'] as const)('marks a rejected %s after an unclear attempt', (retry) => {
    const error = finalError([unclear, rejected], retry);
    expect(error).toMatchObject({ kind: 'bad_request', status: 400, message: 'No', outcome: 'refused' });
    expect(error.afterUnclearAttempt).toBe(true);
    expect(error.nextStep).toBe(rejected.nextStep);
    expect(rejected.afterUnclearAttempt).toBe(false);
  });

  test('marks a write whose attempts are all unclear, and its outcome stays unknown', () => {
    expect(finalError([unclear, laterUnclear], 'idempotent')).toMatchObject({
      kind: 'connection',
      outcome: 'unknown',
      afterUnclearAttempt: true,
    });
  });

  test('does not mark a read, because a repeated read cannot be rejected for an earlier success', () => {
    expect(finalError([unclear, rejected], 'safe')).toBe(rejected);
  });

  test('does not mark a rejection after a 429, because HeyReach did not process the 429', () => {
    expect(finalError([limited, rejected], 'idempotent')).toBe(rejected);
  });
});

describe('the error of a call whose next attempt was not sent', () => {
  test('is the reason before any attempt', () => {
    expect(finalError([], 'never', noPermit)).toBe(noPermit);
  });

  test('is the reason after an attempt that was not sent', () => {
    expect(finalError([notSent], 'never', noPermit)).toBe(noPermit);
  });

  test.each(['safe', 'idempotent', 'never'] as const)(
    'reports the unclear attempt of a %s instead of the reason',
    (retry) => {
      expect(finalError([unclear], retry, noPermit)).toBe(unclear);
      expect(finalError([unclear, limited], retry, noPermit)).toBe(unclear);
    },
  );

  test('is the 429 instead of the reason, with the seconds of the reason', () => {
    expect(finalError([limited], 'never', noPermit)).toMatchObject({
      kind: 'rate_limited',
      status: 429,
      outcome: 'refused',
      message: 'slow down',
      retryAfterSeconds: 41,
      nextStep: 'Try again in 41 s.',
    });
  });

  test('is a 429 only if it was the last attempt', () => {
    expect(finalError([limited, notSent], 'never', noPermit)).toBe(noPermit);
  });

  test('is the 429 with its own seconds where the reason has none', () => {
    expect(finalError([limited], 'safe', deadlineWhileWaiting())).toMatchObject({
      status: 429,
      retryAfterSeconds: 17,
      nextStep: 'Try again in 17 s.',
    });
  });
});
