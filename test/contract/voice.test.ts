import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { DOCUMENT_PATHS, root } from '../support/documents/documents.ts';
import { type Prose, proseOfCode, proseOfComments, proseOfDocument } from '../support/documents/prose.ts';

/** Words with an unclear reference, and words that have a plainer modern form. */
const BANNED = [
  ...['whoever', 'whomever', 'whichever', 'somebody', 'someone who', 'nobody', 'anybody', 'everybody', 'who has'],
  ...['what was', 'one that', 'that of before', 'those of before', 'so long as', 'so long that', 'for want of'],
  ...[
    'under way',
    'anew',
    'afresh',
    'hither',
    'whether or no',
    'beside',
    'besides that',
    'lets? in',
    '(?:is|are) let in',
  ],
  ...['turned away', 'turns away', '(?:is|are) told', 'told of', 'speaks of', 'stands for', 'as it stands'],
];
const BANNED_WORDS = new RegExp(`\\b(?:${BANNED.join('|')})\\b`, 'i');
const MAX_WORDS = 25;
/** Folders whose code contains texts for people. */
const CODE_FOLDERS = ['src', 'scripts', 'test'];

const read = (path: string) => readFileSync(`${root}${path}`, 'utf8');

function bannedIn(path: string, prose: Prose[]): string[] {
  return prose.flatMap(({ line, text }) => {
    const word = BANNED_WORDS.exec(text.replaceAll(/\s+[/*]*\s*/g, ' '))?.[0];
    return word === undefined ? [] : [`${path}:${line}: "${word}"`];
  });
}

/** The sentences of a line that are too long. Code and links count as one word. */
function longIn(path: string, prose: Prose[]): string[] {
  return prose.flatMap(({ line, text }) => {
    const plain = text.replaceAll(/`[^`]*`/g, 'x').replaceAll(/\]\([^)]*\)/g, ']');
    const counts = plain.split(/[.:!?;](?=\s|$)/).map((sentence) => sentence.match(/\S*\w\S*/g)?.length ?? 0);
    return counts.filter((count) => count > MAX_WORDS).map((count) => `${path}:${line}: a sentence of ${count} words`);
  });
}

describe('documents', () => {
  test('use no banned word and no long sentence', () => {
    const findings = DOCUMENT_PATHS.flatMap((path) => {
      const prose = proseOfDocument(read(path));
      return [...bannedIn(path, prose), ...longIn(path, prose)];
    });
    expect(findings).toEqual([]);
  });

  test('every document has prose, and the reader skips code blocks and generated tables', () => {
    for (const path of DOCUMENT_PATHS) expect(proseOfDocument(read(path)).length, path).toBeGreaterThan(5);
    const prose = proseOfDocument(
      'One.\n```sh\nanew\n```\n<!-- generated: x -->\nanew\n<!-- end: x -->\n| a | nobody |',
    );
    expect(bannedIn('a.md', prose)).toEqual(['a.md:8: "nobody"']);
    expect(longIn('a.md', [{ line: 3, text: `${'word '.repeat(26)}end. Short.` }])).toEqual([
      'a.md:3: a sentence of 27 words',
    ]);
  });
});

describe('code', () => {
  const files = CODE_FOLDERS.flatMap((folder) =>
    readdirSync(`${root}${folder}`, { recursive: true, encoding: 'utf8' }).map((name) => `${folder}/${name}`),
  ).filter(
    (path) => /\.m?ts$|\.mjs$/.test(path) && path !== 'test/contract/voice.test.ts' && !path.includes('/node_modules/'),
  );

  test('no comment and no string literal uses a banned word', () => {
    expect(files.length).toBeGreaterThan(500);
    // A file whose whole text has no such word need not be parsed.
    const suspects = files.filter(
      (path) => bannedIn(path, [{ line: 1, text: read(path).replaceAll('\\n', ' ') }]).length > 0,
    );
    expect(suspects.flatMap((path) => bannedIn(path, proseOfCode(read(path))))).toEqual([]);
  });

  test('no comment in src has a long sentence', () => {
    const sources = files.filter((path) => path.startsWith('src/'));
    expect(sources.flatMap((path) => longIn(path, proseOfComments(read(path))))).toEqual([]);
  });

  test('the reader of comments joins lines, and splits paragraphs, list items and tags', () => {
    const source = [
      '/**',
      ' * One text',
      ' * on two lines.',
      ' *',
      ' * - an item',
      ' * @returns it.',
      ' */',
      'const url = "// a"; // Behind code.',
      '',
      '// Above,',
      '// and below.',
    ].join('\n');
    expect(proseOfComments(source)).toEqual([
      { line: 1, text: 'One text on two lines.' },
      { line: 1, text: '- an item' },
      { line: 1, text: '@returns it.' },
      { line: 8, text: 'Behind code.' },
      { line: 10, text: 'Above, and below.' },
    ]);
    const long = `/** ${'word '.repeat(13)}\n * ${'word '.repeat(13)} */`;
    expect(longIn('a.ts', proseOfComments(long))).toEqual(['a.ts:1: a sentence of 26 words']);
  });

  test('the reader of code finds comments, strings and templates, and finds no comments in literals', () => {
    const source = [
      '/** Starts',
      ' *  anew. */',
      'const url = "http://a b"; // nobody',
      ['const text = `Before $', '{"x y" + url} is told // in it`;'].join(''),
      'const pattern = /[/*] beside [*/]/;',
    ].join('\n');
    expect(bannedIn('a.ts', proseOfCode(source))).toEqual(['a.ts:4: "is told"', 'a.ts:1: "anew"', 'a.ts:3: "nobody"']);
    expect(proseOfCode(source).map(({ text }) => text)).toEqual([
      'http://a b',
      'Before ',
      'x y',
      ' is told // in it',
      '/** Starts\n *  anew. */',
      '// nobody',
    ]);
  });
});
