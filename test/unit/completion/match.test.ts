import { describe, expect, test } from 'vitest';
import { fold, matching } from '../../../src/completion/match.ts';

describe('spelling differences in typed text', () => {
  test.each([
    ['ÉLODIE', 'elodie'],
    ['  Ångström ', 'angstrom'],
    ['Łukasz Wałęsa', 'lukasz walesa'],
    ['Søren Kjærgård', 'soren kjaergard'],
    ['Groß', 'gross'],
    ['İstanbul', 'istanbul'],
    ['e\u0301', 'e'],
    ['ﬁne', 'fine'],
    ['Да', 'да'],
    ['听', '听'],
  ])('%s is folded to %s', (text, folded) => {
    expect(fold(text)).toBe(folded);
  });
});

describe('matching', () => {
  const rows = [
    { id: '600001', name: 'Founders in Köln' },
    { id: '600012', name: 'Heads of sales' },
    { id: '712345', name: '600 engineers' },
    { id: '700006', name: '' },
    { id: '600001', name: 'Founders in Köln, again' },
    { id: '700007', name: 'Cofounders' },
  ];
  const idsOf = (typed: string) => matching(rows, typed).map(({ id }) => id);

  test('an empty text matches every row once, in the given order', () => {
    expect(idsOf('')).toEqual(['600001', '600012', '712345', '700006', '700007']);
    expect(idsOf('  ')).toHaveLength(5);
  });

  test('an id matches at its beginning, and comes before a name', () => {
    expect(idsOf('6000')).toEqual(['600001', '600012']);
    expect(idsOf('600')).toEqual(['600001', '600012', '712345']);
    expect(idsOf('0001')).toEqual([]);
    expect(idsOf('600012')).toEqual(['600012']);
  });

  test('a name matches anywhere, whatever its case and accents; beginnings of words come first', () => {
    expect(idsOf('founders')).toEqual(['600001', '700007']);
    expect(idsOf('KOLN')).toEqual(['600001']);
    expect(idsOf('köln')).toEqual(['600001']);
    expect(idsOf('of sa')).toEqual(['600012']);
    expect(idsOf('oln')).toEqual(['600001']);
    expect(idsOf('nobody')).toEqual([]);
  });

  test('no typed text is a pattern', () => {
    for (const typed of ['.*', '[', '(', '\\', '^', '$&', '%', '_']) expect(idsOf(typed)).toEqual([]);
  });
});
