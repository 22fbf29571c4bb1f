import { describe, expect, test } from 'vitest';
import { cleanName, splitName } from '../../../../src/workflows/imports/clean-name.ts';
import type { ImportPlan } from '../../../../src/workflows/imports/import-plan.ts';
import { leadLines } from '../../../../src/workflows/imports/import-samples.ts';

test.each([
  ['Ann Lee', 'Ann', 'Lee'],
  ['Lee, Ann', 'Ann', 'Lee'],
  ['Lee , Ann', 'Ann', 'Lee'],
  ['Lee, Ann, MBA', 'Ann', 'Lee'],
  ['Ann Lee, MBA', 'Ann', 'Lee'],
  ['Ann Lee, PhD, Jr.', 'Ann', 'Lee'],
  ['van der Lee, Ann Mei', 'Ann Mei', 'van der Lee'],
  ['Lee, Ann, Berlin', 'Lee', 'Ann Berlin'],
  ['Ann', 'Ann', undefined],
  ['Lee,', 'Lee', undefined],
])('%s', (name, first, last) => {
  expect(splitName(cleanName(name))).toMatchObject({ first, last });
});

test.each([
  [1, '- first name "Ann", last name "Lee"'],
  [0, '- "Ann Lee"'],
])('a preview shows how %i names were split', (splitNames, line) => {
  const send = [{ number: 1, identity: undefined, lead: { firstName: 'Ann', lastName: 'Lee' } }];
  const names = { splitNames, cleanedNames: 0, longNames: 0 };
  expect(leadLines({ send, names } as unknown as ImportPlan)).toEqual(['The first people:', line]);
});

describe('names', () => {
  test.each([
    ['Ada 🚀', 'Ada'],
    ['Example, MBA', 'Example'],
    ['Example, Ph.D., PMP', 'Example'],
    ['Example (she/her)', 'Example'],
    ['Example, Jr.', 'Example'],
    ['👩‍💻 Mei 🇫🇷', 'Mei'],
    ['Müller-Example', 'Müller-Example'],
    ['José', 'José'],
    ["O'Example", "O'Example"],
    ['Example, Ltd', 'Example, Ltd'],
    ['MBA', 'MBA'],
    ['李', '李'],
    ['علي', 'علي'],
    ['🚀', '🚀'],
    [' Ada  Maria ', 'Ada Maria'],
  ])('%j becomes %j', (name, cleaned) => {
    expect(cleanName(name)).toBe(cleaned);
  });

  test('long names take linear time', () => {
    for (const text of ['A'.repeat(100_000), '('.repeat(100_000), `A, ${'A.'.repeat(50_000)}`, '-;'.repeat(50_000)]) {
      expect(cleanName(text).length).toBeLessThanOrEqual(text.length);
    }
  });
});
