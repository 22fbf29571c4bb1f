import { describe, expect, test } from 'vitest';
import { hasUnclosedBrace, placesToFill, readPlaces } from '../../../src/lib/template-variables.ts';

describe('placesToFill', () => {
  test.each([
    ['Hi {FIRST_NAME}, {COMPANY}', ['{FIRST_NAME}', '{COMPANY}']],
    ['Hi {{first_name}} {{first_name}}', ['{{first_name}}']],
    ['Hi [First Name], <company>', ['[First Name]', '<company>']],
    ['${name} %FIRST_NAME% *|FNAME|* [[name]]', ['${name}', '%FIRST_NAME%', '*|FNAME|*', '[[name]]']],
    ['See [our page](https://example.com), <3, 50% off and 20% more, [1], {Hi|Hello}', []],
  ])('%j', (text, places) => {
    expect(placesToFill(text)).toEqual(places);
  });
});

describe('readPlaces', () => {
  test.each([
    ['Hi {FIRST_NAME}', 'single', 'FIRST_NAME'],
    ['Hi {{firstName}}', 'double', 'firstName'],
    ['Hi [First Name]', 'draft', ''],
    ['[insert pitch]', 'draft', ''],
    ['<your company>', 'draft', ''],
    ['TODO: pitch', 'draft', ''],
    ['Lorem ipsum dolor', 'draft', ''],
    ['The date is TBD', 'foreign', ''],
    ['See you in [Berlin]', 'foreign', ''],
    ['Hi [[name]]', 'foreign', ''],
    ['Hi %FIRST_NAME%', 'foreign', ''],
    ['Hi {first name}', 'foreign', ''],
  ])('%j contains a %s place', (text, kind, name) => {
    expect(readPlaces(text)).toEqual([expect.objectContaining({ kind, name })]);
  });

  test.each([
    ['Gracias por TODO! Nos vemos', 'foreign'],
    ['TODO bien?', 'foreign'],
    ['(gracias por TODO)', 'foreign'],
    ['[Ver TODO](https://example.com)', 'foreign'],
    ['Hola\nTODO bien?\nSaludos', 'foreign'],
    ['{TODO bien|Hola}', 'foreign'],
    ['TODO: pitch', 'draft'],
    ['TODO(anna) pitch', 'draft'],
    ['Hi [TODO]', 'draft'],
    ['Hi [pitch TODO here]', 'draft'],
    ['Hi <TODO pitch>', 'draft'],
    ['Hi (TODO)', 'draft'],
    ['Hi {{ TODO }}', 'draft'],
    ['TODO', 'draft'],
    ['Hi\r\n TODO \r\nBye', 'draft'],
    ['TODO bien? TODO: pitch', 'draft'],
  ])('the TODO in %j is %s', (text, kind) => {
    expect(readPlaces(text).filter(({ place }) => place === 'TODO')).toEqual([{ place: 'TODO', kind, name: '' }]);
  });

  test.each(['MÉTODO: simple', 'ME\u0301TODO: simple', '[MÉTODO]', 'TODOS'])('%j contains no draft mark', (text) => {
    expect(readPlaces(text).filter(({ kind, place }) => kind === 'draft' || place === 'TODO')).toEqual([]);
  });

  test('a link, a choice and plain words contain no place', () => {
    expect(readPlaces('{Hi|Hello}, my todo is [here](https://example.com), <3')).toEqual([]);
  });
});

describe('hasUnclosedBrace', () => {
  test.each([
    ['Hi {FIRST_NAME', true],
    ['Hi FIRST_NAME}', true],
    ['Hi {FIRST_NAME} :} {{x}}', false],
  ])('%j: %s', (text, expected) => {
    expect(hasUnclosedBrace(text)).toBe(expected);
  });
});
