import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isBlank, trimInvisible } from '../../src/lib/blank-text.ts';
import { expandSlug, identityOf, profileUrlOf, readProfileUrl, slugKey, slugOf } from '../../src/lib/linkedin-url.ts';
import { anyCharacter } from '../support/documents/characters.ts';
import { runs } from '../support/runs/runs.ts';

const SEED = 20261129;
const RUNS = runs(400);
const check = <Value>(arbitrary: fc.Arbitrary<Value>, holds: (value: Value) => void) =>
  fc.assert(fc.property(arbitrary, holds), { seed: SEED, numRuns: RUNS });

const invisible = fc.constantFrom(
  ...['\u200b', '\u2060', '\ufeff', '\u00ad', '\u034f', '\u061c', '\u180e', '\u2800', '\u3164', '\u115f', '\ufe0f'],
  ...['\u{e0041}', '\u0000', ' ', '\u00a0', '\n', '\u2028'],
);
const blank = fc.string({ unit: invisible, maxLength: 12 });
/** Characters with a simple case mapping: one character in each direction. */
const letter = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 1 })
  .filter(
    (text) => /^\p{L}$/u.test(text) && text.toUpperCase().toLowerCase() === text && text.normalize('NFC') === text,
  )
  // Hangul fillers are invisible letters.
  .filter((text) => [...text.toUpperCase()].length === 1 && !isBlank(text));
const slug = fc
  .array(fc.oneof(letter, fc.constantFrom('a', 'z', '0', '9', '-')), { minLength: 3, maxLength: 20 })
  .map((parts) => `a${parts.join('')}`.normalize('NFC'));
const memberId = fc
  .tuple(
    fc.constantFrom('o', 'w', 'k'),
    fc.string({ unit: fc.constantFrom(...'abcXYZ019_-'), minLength: 4, maxLength: 30 }),
  )
  .map(([kind, rest]) => `AC${kind}AA${rest}`);

describe('the identity of a person, for any slug', () => {
  test('is equal for every spelling, and output keeps the case', () => {
    check(fc.tuple(slug, blank), ([text, hidden]) => {
      const key = identityOf(profileUrlOf(text));
      expect(key).toBe(`in/${slugKey(text)}`);
      for (const spelling of [text, text.toUpperCase(), text.normalize('NFD')]) {
        for (const url of [
          `https://www.linkedin.com/in/${encodeURIComponent(spelling)}`,
          `http://de.linkedin.com/in/${spelling}/?x=1#y`,
          `[${profileUrlOf(spelling)}](${profileUrlOf(spelling)})`,
          `${hidden}linkedin.com/in/${spelling}${hidden}`,
        ]) {
          expect(identityOf(url), url).toBe(key);
          expect(slugOf(url)).toBe(spelling.normalize('NFC'));
        }
      }
    });
  });

  test('distinguishes member ids by their case', () => {
    check(fc.tuple(memberId, memberId), ([first, second]) => {
      expect(slugOf(profileUrlOf(first))).toBe(first);
      expect(identityOf(first) === identityOf(second)).toBe(first === second);
    });
  });

  test('the sent URL has no invisible characters and names the same person', () => {
    check(fc.tuple(fc.string({ unit: anyCharacter, maxLength: 30 }), blank), ([text, hidden]) => {
      const read = readProfileUrl(`https://www.linkedin.com/in/${text}${hidden}`);
      if (!read.ok) return;
      expect(trimInvisible(read.url)).toBe(read.url);
      expect(identityOf(read.url)).toBe(read.identity);
      expect(slugKey(read.slug)).toBe(slugKey(slugKey(read.slug)));
    });
  });

  test('tools accept the slug of a compact result', () => {
    check(slug, (text) => {
      const expanded = expandSlug(text);
      if (expanded !== text) expect(slugOf(expanded)).toBe(text);
    });
  });
});

describe('blank texts', () => {
  test('any number of invisible characters is blank, and any letter is not', () => {
    check(fc.tuple(blank, letter, blank), ([before, text, after]) => {
      expect(isBlank(before + after)).toBe(true);
      expect(trimInvisible(before + after)).toBe('');
      expect(isBlank(before + text + after)).toBe(false);
      expect(trimInvisible(before + text + after)).toBe(text);
    });
  });
});
