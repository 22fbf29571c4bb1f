import { describe, expect, test } from 'vitest';
import { type FaultName, startFault } from '../support/heyreach/fault-injection.ts';
import { callAlone, type RetryClass } from '../support/heyreach/fault-injection-calls.ts';

// One fault per outcome. test/slow/integration/faults.test.ts has the whole contract.
const CONTRACT: [FaultName, RetryClass, attempts: number, outcome: string, kind: string, next: RegExp][] = [
  ['a connection refused', 'never', 3, 'not_sent', 'connection', /^Check the network and HEYREACH_BASE_URL/],
  ['a 401', 'never', 1, 'refused', 'unauthorized', /^Create a key of the kind "HeyReach API"/],
  ['a reset before the headers', 'never', 1, 'unknown', 'connection', /^Look for the name with list_lists/],
  ['a reset before the headers', 'safe', 3, 'unknown', 'connection', /^Nothing was changed; call again/],
];

describe.concurrent('in a fresh process', () => {
  test.each(CONTRACT)('%s: %s', async (fault, retryClass, attempts, outcome, kind, next) => {
    const told = await callAlone(await startFault(fault), retryClass);
    expect(told.error).toMatchObject({ kind, outcome, nextStep: expect.stringMatching(next) });
    expect(told.text).toContain(`Outcome: ${outcome}`);
    expect(told.attempts).toHaveLength(attempts);
    expect(told.requests).toBe(outcome === 'not_sent' ? 0 : attempts);
  });
});
