import { describe, expect, test } from 'vitest';
import { isIdPlaceholder, isNamePlaceholder, isPlaceholder } from '../../../src/lib/placeholder.ts';

const TEMPLATES = [
  ...[
    '{{first_name}}',
    '{{ name }}',
    '${NAME}',
    '${{ name }}',
    '{FIRST_NAME}',
    '%FIRST_NAME%',
    '*|FNAME|*',
    '__NAME__',
  ],
  ...[
    '[[name]]',
    '<%= name %>',
    '<<name>>',
    '#{name}',
    '[First Name]',
    '[first_name]',
    '<your company>',
    '[insert text]',
  ],
];
const MISSING = [
  'undefined',
  'UNDEFINED',
  'null',
  'NULL',
  'NaN',
  '(null)',
  '<nil>',
  'N/A',
  'n/a',
  '#N/A',
  '#REF!',
  '[object Object]',
];

describe('placeholders', () => {
  test.each([...TEMPLATES, ...MISSING])('%s is a placeholder in any text', (text) => {
    for (const spelling of [text, ` ${text}\u200b`]) {
      expect(isPlaceholder(spelling)).toBe(true);
      expect(isIdPlaceholder(spelling)).toBe(true);
      expect(isNamePlaceholder(spelling, 'firstName')).toBe(true);
      expect(isNamePlaceholder(spelling, 'lastName')).toBe(true);
    }
  });

  test.each(['[VIP]', '50%', 'Hi {{first_name}}', 'null and void', '<3', 'none', 'None', '-', 'Na', '$100'])(
    '%s is not a placeholder',
    (text) => {
      expect(isPlaceholder(text)).toBe(false);
    },
  );

  test('null and similar words are placeholders for ids in any spelling', () => {
    for (const word of ['Null', 'none', 'None', 'nan', 'nil', 'NA', 'false']) expect(isIdPlaceholder(word)).toBe(true);
    for (const id of ['580000001', 'ada-example', 'ACoAADdu6TsBifd', '2-MWI=', 'ada@example.com']) {
      expect(isIdPlaceholder(id)).toBe(false);
    }
  });

  test.each(['Null', 'None', 'Nan', 'Na', 'Nil', "O'Neil", 'Nullman', 'Undefinedson', '-', 'Smith (Jr.)', '李'])(
    '%s is a surname',
    (name) => {
      expect(isNamePlaceholder(name, 'lastName')).toBe(false);
    },
  );

  test.each([
    'null',
    'NULL',
    'nan',
    'NaN',
    'none',
    'NA',
    'N/A',
    'last_name',
    'Last Name',
    'Example {{suffix}}',
    '$LAST',
  ])('%s is not a surname', (name) => {
    expect(isNamePlaceholder(name, 'lastName')).toBe(true);
  });

  test('Nan and Na are valid first names, Null and None are not', () => {
    expect(['Nan', 'Na', 'Nil', 'Null', 'None'].map((name) => isNamePlaceholder(name, 'firstName'))).toEqual([
      ...[false, false, false],
      ...[true, true],
    ]);
  });
});
