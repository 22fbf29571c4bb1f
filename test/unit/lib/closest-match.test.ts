import { describe, expect, test, vi } from 'vitest';
import { closestMatch } from '../../../src/lib/closest-match.ts';

const KNOWN = ['campaignIds', 'linkedInAccountIds', 'searchString', 'leadProfileUrl', 'from', 'to', 'limit', 'offset'];

describe('closestMatch', () => {
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
  ])('reads %s as %s', (name, meant) => {
    expect(closestMatch(name, KNOWN)).toBe(meant);
  });

  test.each(['history', 'xy', 'id', 'zz', 'colour', 'completelyDifferent', '', '__', 'a', '日本'])(
    'finds no match for %j',
    (name) => {
      expect(closestMatch(name, KNOWN)).toBeUndefined();
    },
  );

  test('finds no match without candidates', () => {
    expect(closestMatch('limit', [])).toBeUndefined();
  });

  test('bounds the work for a name of any length', () => {
    const compared = vi.spyOn(String.prototype, 'toLowerCase');
    const match = closestMatch('x'.repeat(1_000_000), KNOWN);
    const texts = compared.mock.contexts.map(String);
    compared.mockRestore();
    expect(match).toBeUndefined();
    expect(texts).toContain('x'.repeat(100));
    expect(Math.max(...texts.map(({ length }) => length))).toBe(100);
  });
});
