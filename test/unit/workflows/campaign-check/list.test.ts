import { describe, expect, test } from 'vitest';
import type { LeadProfile } from '../../../../src/client/operations/fields.ts';
import { checkList } from '../../../../src/workflows/campaign-check/list.ts';
import { findingsOf } from '../../../support/tools/campaign-check.ts';

describe('list', () => {
  const ada: LeadProfile = {
    firstName: 'Ada',
    lastName: 'Example',
    profileUrl: 'https://www.linkedin.com/in/ada-example',
    linkedin_id: '1',
  };
  const jane = { ...ada, firstName: 'Jane', profileUrl: 'https://www.linkedin.com/in/jane-example', linkedin_id: '2' };
  const listOf = (members: LeadProfile[], isAll = true) => ({
    list: { totalItemsCount: members.length },
    members,
    isAll,
  });

  test('is ok with different people', () => {
    expect(checkList(listOf([ada, jane]), false)).toEqual({
      state: 'ok',
      findings: [],
      facts: { size: 2, read: 2, duplicates: 0, nameless: 0 },
    });
  });

  test('counts the same person under another spelling, and under another URL with the same member id', () => {
    const again = { ...ada, profileUrl: 'linkedin.com/in/Ada-Example/?x=1', linkedin_id: null };
    const navigator = { ...ada, profileUrl: 'https://www.linkedin.com/sales/lead/ACwAA1,NAME', linkedin_id: '1' };
    // People without a readable URL and without an id do not count as the same person.
    const unknown = { firstName: 'A', lastName: 'B' };
    const check = checkList(listOf([ada, again, jane, navigator, unknown, unknown]), false);
    expect(check).toMatchObject({ state: 'warn', facts: { duplicates: 2 } });
    expect(check.findings).toMatchObject([{ leads: { count: 2, of: 6 } }]);
  });

  test('counts people without a first or a last name', () => {
    const check = checkList(listOf([ada, { ...jane, lastName: ' ' }]), false);
    expect(check).toMatchObject({ state: 'warn', facts: { nameless: 1 } });
    expect(findingsOf(check)).toEqual(['warn: Leads have no first or no last name']);
  });

  test('stops for an empty or a missing list, and warns about an empty list of a running campaign', () => {
    expect(findingsOf(checkList(listOf([]), false))).toEqual([
      'stop: Its list is empty: it will pause itself right after it begins',
    ]);
    expect(findingsOf(checkList(listOf([]), true))).toEqual(['warn: Its list is empty']);
    expect(findingsOf(checkList(undefined, false))).toEqual(['stop: It has no list of people']);
  });

  test('is unknown if the list or a part of its leads was not read', () => {
    expect(checkList({ list: undefined, members: [ada], isAll: true }, false).state).toBe('unknown');
    expect(checkList(listOf([ada], false), false).state).toBe('unknown');
  });
});
