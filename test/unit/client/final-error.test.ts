import { describe, expect, test } from 'vitest';
import type { HeyReachError } from '../../../src/client/errors.ts';
import { finalError } from '../../../src/client/final-error.ts';
import type { TransportErrorReason } from '../../../src/client/http-types.ts';
import { waitTooLong } from '../../../src/client/rate-limit/errors.ts';
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
    ['not sent after nothing unclear', [limited, notSent], notSent],
    ['an unclear attempt outweighs a later attempt that was not sent', [unclear, notSent], unclear],
    ['an unclear attempt outweighs all later attempts that were not sent', [unclear, notSent, notSent], unclear],
    ['an unclear attempt outweighs a later 429', [unclear, limited], unclear],
    ['the latest unclear attempt outweighs the others', [unclear, laterUnclear, notSent], laterUnclear],
    ['an unclear last attempt after one not sent', [notSent, unclear], unclear],
  ])('%s', (_, failures: HeyReachError[], expected) => {
    expect(finalError(failures, 'idempotent')).toBe(expected);
  });

  test.each(['idempotent', 'never'] as const)('a %s rejected after an unclear attempt is marked', (retry) => {
    const error = finalError([unclear, rejected], retry);
    expect(error).toMatchObject({ kind: 'bad_request', status: 400, message: 'No', outcome: 'refused' });
    expect(error.afterUnclearAttempt).toBe(true);
    expect(error.nextStep).toBe(rejected.nextStep);
    expect(rejected.afterUnclearAttempt).toBe(false);
  });

  test('a write whose attempts are all unclear is marked and stays unknown', () => {
    expect(finalError([unclear, laterUnclear], 'idempotent')).toMatchObject({
      kind: 'connection',
      outcome: 'unknown',
      afterUnclearAttempt: true,
    });
  });

  test('a read is not marked, because it leaves no success to echo', () => {
    expect(finalError([unclear, rejected], 'safe')).toBe(rejected);
  });

  test('a rejection after a 429 is not marked, because HeyReach did not process the 429', () => {
    expect(finalError([limited, rejected], 'idempotent')).toBe(rejected);
  });
});

describe('the error of a call whose further attempt was not sent', () => {
  test('before any attempt it is the reason', () => {
    expect(finalError([], 'never', noPermit)).toBe(noPermit);
  });

  test('after an attempt that was not sent it is the reason', () => {
    expect(finalError([notSent], 'never', noPermit)).toBe(noPermit);
  });

  test.each(['safe', 'idempotent', 'never'] as const)('an unclear attempt of a %s outweighs the reason', (retry) => {
    expect(finalError([unclear], retry, noPermit)).toBe(unclear);
    expect(finalError([unclear, limited], retry, noPermit)).toBe(unclear);
  });

  test('a 429 outweighs the reason, and takes over its seconds', () => {
    expect(finalError([limited], 'never', noPermit)).toMatchObject({
      kind: 'rate_limited',
      status: 429,
      outcome: 'refused',
      message: 'slow down',
      retryAfterSeconds: 41,
      nextStep: 'Try again in 41 s.',
    });
  });

  test('only the last attempt may be that 429', () => {
    expect(finalError([limited, notSent], 'never', noPermit)).toBe(noPermit);
  });
});
