import { describe, expect, test } from 'vitest';
import { isBlank, trimInvisible } from '../../../src/lib/blank-text.ts';

const INVISIBLE = [
  ...[
    '',
    ' ',
    '\t\r\n',
    '\u00a0',
    '\u3000',
    '\u200b',
    '\u200d',
    '\u2060',
    '\ufeff',
    '\u00ad',
    '\u034f',
    '\u180e',
    '\u061c',
  ],
  ...[
    '\u2800',
    '\u3164',
    '\u115f',
    '\uffa0',
    '\ufe0f',
    '\u{e0041}',
    '\u{e0101}',
    '\u0000',
    '\ud800',
    '\ufffe',
    '\u0301',
  ],
];

describe('isBlank', () => {
  test.each(INVISIBLE.map((text) => [text]))('%j shows nothing', (text) => {
    expect(isBlank(text)).toBe(true);
    expect(isBlank(`\u200b${text} `)).toBe(true);
  });

  test.each(['a', '.', '-', '0', '❤️', '👩‍💻', 'क्', '字', '\u200ba'])('%j shows something', (text) => {
    expect(isBlank(text)).toBe(false);
  });

  test('a missing text is blank', () => {
    expect([null, undefined].map(isBlank)).toEqual([true, true]);
  });
});

describe('trimInvisible', () => {
  test('removes invisible characters at the ends only', () => {
    expect(trimInvisible('\u200b Ada\u200b Example\ufeff\n')).toBe('Ada\u200b Example');
    expect(trimInvisible('\u2800𝒜\u{e0041}')).toBe('𝒜');
    expect(trimInvisible('e\u0301\u200b')).toBe('e\u0301');
    expect(trimInvisible(' \u200b ')).toBe('');
  });

  test('takes linear time', () => {
    const began = performance.now();
    trimInvisible(`${'\u200b'.repeat(200_000)}a${'\u200b'.repeat(200_000)}b`);
    expect(performance.now() - began).toBeLessThan(5_000);
  });
});
