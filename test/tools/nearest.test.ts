import { describe, expect, test } from 'vitest';
import { nearest } from '../../src/tools/nearest.ts';

const KNOWN = ['campaignIds', 'linkedInAccountIds', 'searchString', 'leadProfileUrl', 'from', 'to', 'limit', 'offset'];

describe('nearest', () => {
  test.each([
    ['campaignIds', 'campaignIds'],
    ['campaign_ids', 'campaignIds'],
    ['CAMPAIGNIDS', 'campaignIds'],
    ['campaignId', 'campaignIds'],
    ['campagnIds', 'campaignIds'],
    ['accountIds', 'linkedInAccountIds'],
    ['search', 'searchString'],
    ['profileUrl', 'leadProfileUrl'],
    ['profile-url', 'leadProfileUrl'],
    ['limits', 'limit'],
    ['frm', 'from'],
  ])('takes %s for %s', (name, meant) => {
    expect(nearest(name, KNOWN)).toBe(meant);
  });

  test.each(['history', 'xy', 'id', 'zz', 'colour', 'completelyDifferent', '', '__', 'a', '日本'])(
    'takes %j for nothing',
    (name) => {
      expect(nearest(name, KNOWN)).toBeUndefined();
    },
  );

  test('without candidates there is none', () => {
    expect(nearest('limit', [])).toBeUndefined();
  });

  test('a name of any length costs little', () => {
    const began = performance.now();
    expect(nearest('x'.repeat(1_000_000), KNOWN)).toBeUndefined();
    expect(performance.now() - began).toBeLessThan(100);
  });
});
