import { expect, test } from 'vitest';
import type { ImportPlan } from '../../../../src/workflows/imports/import-plan.ts';
import { leadLines } from '../../../../src/workflows/imports/import-samples.ts';
import { cleanName, splitName } from '../../../../src/workflows/sources/clean-name.ts';

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
