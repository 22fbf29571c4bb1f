import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { findToken, isTokenName, looksLikeToken, makeToken, parseTokens } from '../../../src/auth/tokens.ts';
import { runs } from '../../support/runs/runs.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const ANN = sha256('the token of ann');
const BEN = sha256('the token of ben');

/** The lines of a file as read, with digests in hexadecimal. */
const read = (text: string) =>
  parseTokens(text).map(({ name, digest, mode }) => [name, digest.toString('hex'), mode ?? 'any']);

describe('a token file', () => {
  test.each<[what: string, text: string, expected: string[][]]>([
    ['nothing', '', []],
    ['only comments', '# no tokens yet\n\n', []],
    ['a name and a hash', `ann ${ANN}`, [['ann', ANN, 'any']]],
    ['a mode after the hash', `ann ${ANN} read-only\n`, [['ann', ANN, 'read-only']]],
    [
      'several lines, each with its own mode',
      `ann ${ANN} draft\nben ${BEN} full\n`,
      [
        ['ann', ANN, 'draft'],
        ['ben', BEN, 'full'],
      ],
    ],
    [
      'Windows line ends',
      `ann ${ANN}\r\nben ${BEN} draft\r\n`,
      [
        ['ann', ANN, 'any'],
        ['ben', BEN, 'draft'],
      ],
    ],
    [
      'empty lines and comments',
      `# who may call\n\n  \nann ${ANN} # since spring\n#ben ${BEN}\n`,
      [['ann', ANN, 'any']],
    ],
    ['a comment directly after a word', `ann ${ANN} draft#for now`, [['ann', ANN, 'draft']]],
    ['tabs and spaces around words', `\t ann \t ${ANN}   full  `, [['ann', ANN, 'full']]],
    ['a hash in upper case', `ann ${ANN.toUpperCase()}`, [['ann', ANN, 'any']]],
    ['a byte order mark', `\uFEFFann ${ANN}`, [['ann', ANN, 'any']]],
    ['every character that a name may have', `A.b-c_9 ${ANN}`, [['A.b-c_9', ANN, 'any']]],
    ['the longest name', `${'n'.repeat(64)} ${ANN}`, [['n'.repeat(64), ANN, 'any']]],
    [
      'names that differ only in case',
      `ann ${ANN}\nAnn ${BEN}`,
      [
        ['ann', ANN, 'any'],
        ['Ann', BEN, 'any'],
      ],
    ],
  ])('may have %s', (_, text, expected) => {
    expect(read(text)).toEqual(expected);
  });

  test.each<[what: string, text: string, sentence: RegExp]>([
    ['a name alone', 'ann', /^line 1 has no SHA-256/],
    ['a name and a mode', 'ann draft', /^line 1 has no SHA-256/],
    ['a hash alone', ANN, /^line 1 has no SHA-256/],
    ['a hash after an invalid name', `${ANN}a ${ANN}`, /^line 1 has an invalid name/],
    ['the token itself instead of its hash', `ann hmcp_${'x'.repeat(43)}`, /^line 1 has no SHA-256/],
    ['a hash that is too short', `ann ${ANN.slice(1)}`, /^line 1 has no SHA-256/],
    ['a hash that is too long', `ann ${ANN}0`, /^line 1 has no SHA-256/],
    ['a hash with a letter that is not hexadecimal', `ann ${ANN.slice(1)}g`, /^line 1 has no SHA-256/],
    ['a hash of another algorithm', `ann ${createHash('sha512').update('a').digest('hex')}`, /^line 1 has no SHA-256/],
    ['a mode that does not exist', `ann ${ANN} admin`, /^line 1 has an invalid mode \(read-only, draft, full\)$/],
    ['a mode in upper case', `ann ${ANN} FULL`, /^line 1 has an invalid mode/],
    ['a word too many', `ann ${ANN} full draft`, /^line 1 has more than a name/],
    ['a name that is too long', `${'n'.repeat(65)} ${ANN}`, /^line 1 has an invalid name/],
    ['a name with an invalid character', `ann/ben ${ANN}`, /^line 1 has an invalid name/],
    ['a name with characters beyond ASCII', `änn ${ANN}`, /^line 1 has an invalid name/],
    ['a name twice', `ann ${ANN}\n\nann ${BEN}`, /^line 3 repeats the name of an earlier line$/],
    ['a token twice', `# two\nann ${ANN}\nben ${ANN} draft`, /^line 3 repeats the token of an earlier line$/],
    [
      'a token twice, once in upper case',
      `ann ${ANN}\nben ${ANN.toUpperCase()}`,
      /^line 2 repeats the token of an earlier/,
    ],
    ['a valid line and an invalid one', `ann ${ANN}\r\nben\r\n`, /^line 2 has no SHA-256/],
  ])('may not have %s', (_, text, sentence) => {
    let message = '';
    try {
      parseTokens(text);
    } catch (error) {
      ({ message } = error as Error);
    }
    expect(message).toMatch(sentence);
    // The words of the line may be a secret in the wrong place.
    const words = text.split(/\s+/).filter((word) => word.length > 8);
    for (const word of words) expect(message).not.toContain(word);
  });

  test('parses any text, or fails with the number of the invalid line', () => {
    const word = fc.oneof(
      fc.string(),
      fc.constantFrom('ann', 'ben', ANN, BEN, ANN.toUpperCase(), 'full', 'draft', '#', '\r', '\n', '\r\n', '\uFEFF'),
    );
    const text = fc.array(word, { maxLength: 12 }).map((words) => words.join(' '));
    fc.assert(
      fc.property(text, (fileText) => {
        let tokens: ReturnType<typeof parseTokens>;
        try {
          tokens = parseTokens(fileText);
        } catch (error) {
          expect((error as Error).message).toMatch(/^line \d+ /);
          return;
        }
        expect(new Set(tokens.map(({ name }) => name)).size).toBe(tokens.length);
        expect(new Set(tokens.map(({ digest }) => digest.toString('hex'))).size).toBe(tokens.length);
        for (const { name, digest } of tokens) expect([isTokenName(name), digest.length]).toEqual([true, 32]);
      }),
      { seed: 20260411, numRuns: runs(2_000) },
    );
  });
});

describe('finding a token', () => {
  afterEach(() => vi.restoreAllMocks());
  const tokens = parseTokens(['first', 'second', 'third'].map((name) => `${name} ${sha256(`of ${name}`)}`).join('\n'));

  test.each(['first', 'second', 'third'])('finds the token of %s', (name) => {
    expect(findToken(tokens, `of ${name}`)?.name).toBe(name);
  });

  test.each([
    ['nothing', ''],
    ['an unknown token', 'of fourth'],
    ['a part of a token', 'of firs'],
    ['a token with a character more', 'of first '],
    ['a token in another case', 'OF FIRST'],
    ['the hash of a token', sha256('of first')],
    ['the name of a token', 'first'],
  ])('finds no token for %s', (_, presented) => {
    expect(findToken(tokens, presented)).toBeUndefined();
  });

  test('compares with every token, also after a match', () => {
    let looked = 0;
    const counted = tokens.map(({ name, digest, mode }) => ({
      name,
      mode,
      get digest() {
        looked += 1;
        return digest;
      },
    }));
    for (const presented of ['of first', 'of second', 'of third', 'without a match']) {
      looked = 0;
      findToken(counted, presented);
      expect(looked, presented).toBe(3);
    }
  });
});

describe('a new token', () => {
  test.each([undefined, 'read-only', 'draft', 'full'] as const)('is accepted with its line, mode %s', (mode) => {
    const { token, line } = makeToken('ann', mode);
    expect(token).toMatch(/^hmcp_[\w-]{43}$/);
    expect(looksLikeToken(token)).toBe(true);
    expect(line).not.toContain(token);
    expect(findToken(parseTokens(line), token)).toMatchObject({ name: 'ann', mode });
  });

  test('is different each time', () => {
    expect(new Set(Array.from({ length: 100 }, () => makeToken('ann', undefined).token)).size).toBe(100);
  });
});
