import { describe, expect, test } from 'vitest';
import type { LinkedInAccount } from '../../../../src/client/operations/linkedin-accounts.ts';
import type { SequenceNode } from '../../../../src/client/operations/sequence.ts';
import { checkSenders } from '../../../../src/workflows/campaign-check/senders.ts';
import { needsOf } from '../../../../src/workflows/senders/step-needs.ts';
import { findingsOf, inMail, invitation, step } from '../../../support/tools/campaign-check.ts';

describe('senders', () => {
  const works: LinkedInAccount = { authIsValid: true, isActive: true, isValidNavigator: true };
  const check = (accounts: LinkedInAccount[], root: SequenceNode = invitation(), navigatorLeads = 0) => {
    const ids = accounts.map((_, index) => index + 1);
    const pairs = accounts.map((account, index) => [ids[index]!, account] as const);
    return checkSenders({ ids, accounts: new Map(pairs) }, needsOf(root), navigatorLeads);
  };

  test('are ok if all work', () => {
    expect(check([works, works])).toEqual({ state: 'ok', findings: [], facts: { senders: 2, working: 2 } });
  });

  test('warns about a sender that delivers nothing, and stops without a working sender', () => {
    const out = { ...works, firstName: 'Mei', authIsValid: false };
    expect(findingsOf(check([works, out]))).toEqual([
      'warn: Delivers nothing: "Mei" (LinkedIn account 2): login invalid',
    ]);
    expect(check([out, { ...works, isActive: false }])).toMatchObject({ state: 'stop', facts: { working: 0 } });
    expect(findingsOf(check([]))).toEqual(['stop: It has no sender']);
  });

  test('a sender that is not in the workspace delivers nothing', () => {
    const check = checkSenders({ ids: [1, 9], accounts: new Map([[1, works]]) }, needsOf(invitation()), 0);
    expect(findingsOf(check)).toEqual([
      'warn: Delivers nothing: LinkedIn account 9: not among the senders of the workspace that were read',
    ]);
  });

  test('cooldowns and allowances of 0 count only if a step needs them', () => {
    const held = { ...works, connectionRequestCooldown: true, accountLimits: { connectioRequestLimit: 0 } };
    expect(findingsOf(check([held]))).toEqual([
      'warn: LinkedIn holds the invitations of LinkedIn account 1',
      'warn: Allowance of 0 invitations a day: LinkedIn account 1',
    ]);
    expect(check([held], step('MESSAGE')).state).toBe('ok');
    expect(findingsOf(check([{ ...works, inMailCooldown: true }], inMail))).toEqual([
      'warn: LinkedIn holds the InMails of LinkedIn account 1',
    ]);
    const noNotes = { ...works, connectionNoteCooldown: true };
    expect(check([noNotes], invitation('')).state).toBe('ok');
    expect(findingsOf(check([noNotes], invitation('Hi')))).toEqual([
      'warn: LinkedIn holds invitations with a note of LinkedIn account 1',
    ]);
  });

  test('Sales Navigator counts only if a step or a lead needs it', () => {
    const without = { ...works, isValidNavigator: false };
    expect(check([without]).state).toBe('ok');
    expect(findingsOf(check([works, without], inMail))).toEqual([
      'warn: No valid Sales Navigator, needed for INMAIL: LinkedIn account 2',
    ]);
    const branch = { ...step('CHECK_IS_OPEN_PROFILE'), conditionalNode: inMail };
    expect(findingsOf(check([without], branch))).toEqual([
      'stop: No valid Sales Navigator, needed for INMAIL, CHECK_IS_OPEN_PROFILE: LinkedIn account 1',
    ]);
    expect(findingsOf(check([without], invitation(), 2))).toEqual([
      'warn: No valid Sales Navigator, needed for 2 Sales Navigator URLs of its list: LinkedIn account 1',
    ]);
  });

  test('names at most five senders', () => {
    const [problem = ''] = findingsOf(check([works, ...Array.from({ length: 9 }, () => ({ authIsValid: false }))]));
    expect(problem).toMatch(/LinkedIn account 6 and 4 more: login invalid$/);
  });
});
