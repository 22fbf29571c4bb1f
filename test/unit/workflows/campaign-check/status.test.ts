import { describe, expect, test } from 'vitest';
import type { Campaign } from '../../../../src/client/operations/campaigns.ts';
import { checkStatus } from '../../../../src/workflows/campaign-check/status.ts';
import { findingsOf } from '../../../support/tools/campaign-check.ts';

describe('status', () => {
  const counts = (pending: number, inProgress: number): Campaign => ({
    progressStats: { totalUsersPending: pending, totalUsersInProgress: inProgress },
  });

  test.each([
    ['DRAFT', 'start_campaign'],
    ['SCHEDULED', 'pause_campaign before a change'],
    ['STARTING', 'pause_campaign before a change'],
    ['IN_PROGRESS', 'pause_campaign before a change'],
  ])('%s is ok, and the next call is %s', (status, next) => {
    expect(checkStatus({ status })).toEqual({ state: 'ok', findings: [], facts: { status }, next });
  });

  test.each(['PAUSED', 'FINISHED'])('%s is resumed, with the leads that continue', (status) => {
    expect(checkStatus({ status, ...counts(3, 4) })).toEqual({
      state: 'ok',
      findings: [],
      facts: { status, goOn: { pending: 3, inProgress: 4 } },
      next: 'resume_campaign',
    });
  });

  test('a negative count is unknown', () => {
    const { state, facts } = checkStatus({ status: 'PAUSED', ...counts(0, -7) });
    expect({ state, facts }).toEqual({
      state: 'ok',
      facts: { status: 'PAUSED', goOn: { pending: 0, inProgress: null } },
    });
  });

  test('warns if no lead is left, and if HeyReach failed the campaign', () => {
    expect(findingsOf(checkStatus({ status: 'FINISHED', ...counts(0, 0) }))).toEqual([
      'warn: No lead of it is pending or in progress, so a resume contacts no one',
    ]);
    expect(findingsOf(checkStatus({ status: 'FAILED', ...counts(2, 0) }))).toEqual([
      'warn: HeyReach failed it, so it may fail again',
    ]);
  });

  test('CANCELED stops, and any other status is unknown', () => {
    expect(checkStatus({ status: 'CANCELED' }).state).toBe('stop');
    for (const campaign of [{}, { status: 'ARCHIVED' }]) expect(checkStatus(campaign).state).toBe('unknown');
  });
});
