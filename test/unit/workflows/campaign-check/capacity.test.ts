import { describe, expect, test } from 'vitest';
import type { LinkedInAccount } from '../../../../src/client/operations/linkedin-accounts.ts';
import type { SequenceNode } from '../../../../src/client/operations/sequence.ts';
import { checkCapacity } from '../../../../src/workflows/campaign-check/capacity.ts';
import { end, findingsOf, inMail, invitation, step } from '../../../support/tools/campaign-check.ts';

describe('capacity', () => {
  const sendersWith = (...limits: (number | null)[]) => ({
    ids: limits.map((_, index) => index + 1),
    accounts: new Map(
      limits.map((limit, index) => [
        index + 1,
        { accountLimits: { connectioRequestLimit: limit, inMailLimit: 4, messageLimit: 40 } } as LinkedInAccount,
      ]),
    ),
  });
  const invitations = invitation();

  test('is the number of leads divided by the invitations of a day, in whole days', () => {
    expect(checkCapacity(100, sendersWith(20, 15), invitations)).toEqual({
      state: 'ok',
      findings: [],
      facts: { leads: 100, perDay: 35, actions: 'invitations', days: 3 },
    });
    expect(checkCapacity(0, sendersWith(20), invitations).facts.days).toBe(0);
  });

  test('warns about many days and many invitations a week', () => {
    expect(findingsOf(checkCapacity(300, sendersWith(25), invitations))).toEqual([
      'warn: 12 days of invitations, more than 10',
      expect.stringMatching(/^warn: .*would send 125 invitations in five working days, more than 100$/),
    ]);
  });

  test('stops where no sender can send, and says how many would wait', () => {
    expect(findingsOf(checkCapacity(5, sendersWith(0), invitations))).toEqual([
      'stop: No sender can send invitations now, so 5 leads would wait',
    ]);
    expect(findingsOf(checkCapacity(null, sendersWith(0), invitations))).toEqual([
      'stop: No sender can send invitations now, so its leads wait',
    ]);
    expect(checkCapacity(0, sendersWith(0), invitations).state).toBe('ok');
  });

  test('only warns if leads on another branch continue', () => {
    const blocked = {
      ids: [1],
      accounts: new Map([[1, { inMailCooldown: true, accountLimits: { messageLimit: 9 } }]]),
    };
    const check = (yes: SequenceNode | undefined, no: SequenceNode, senders: typeof blocked = blocked) => {
      const root: SequenceNode = { nodeType: 'CHECK_IS_CONNECTION', conditionalNode: yes, unconditionalNode: no };
      return findingsOf(checkCapacity(5, senders, root));
    };
    const stop = ['stop: No sender can send InMails now, so 5 leads would wait'];
    expect(check(step('MESSAGE'), inMail)).toEqual([
      'warn: No sender can send InMails now, so leads on that branch would wait',
    ]);
    expect(check(inMail, inMail)).toEqual(stop);
    // The other branch sends nothing, or its step is blocked too.
    expect(check(end, inMail)).toEqual(stop);
    const silent = { ids: [1], accounts: new Map([[1, { inMailCooldown: true, accountLimits: { messageLimit: 0 } }]]) };
    expect(check(step('MESSAGE'), inMail, silent)).toEqual(stop);
    // Every path leads to the blocked step, although the step before it can run.
    const first = { ...step('MESSAGE'), unconditionalNode: inMail };
    expect(findingsOf(checkCapacity(5, blocked, first))).toEqual(stop);
  });

  test('uses the scarcest step, and invitations without a sequence', () => {
    expect(checkCapacity(8, sendersWith(1), inMail).facts).toMatchObject({ actions: 'InMails', days: 2 });
    expect(checkCapacity(80, sendersWith(1), step('MESSAGE')).facts).toMatchObject({
      actions: 'messages',
      days: 2,
    });
    expect(checkCapacity(8, sendersWith(1), undefined).facts).toMatchObject({ actions: 'invitations', days: 8 });
    expect(checkCapacity(8, sendersWith(1), step('FIND_EMAIL'))).toMatchObject({
      state: 'ok',
      facts: { days: null },
    });
  });

  test('is unknown without the leads, the senders or an allowance', () => {
    for (const check of [
      checkCapacity(null, sendersWith(20), invitations),
      checkCapacity(5, undefined, invitations),
      checkCapacity(5, sendersWith(20, null), invitations),
    ]) {
      expect(check).toMatchObject({ state: 'unknown', facts: { days: null } });
    }
  });
});
