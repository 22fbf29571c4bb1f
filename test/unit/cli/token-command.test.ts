import { chmod, mkdir, mkdtemp, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findToken, makeToken, parseTokens } from '../../../src/auth/tokens.ts';
import { runTokenCommand } from '../../../src/cli/token-command.ts';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'heyreach-mcp-token-command-'));
  path = join(folder, 'tokens');
});
afterEach(() => rm(folder, { recursive: true }));

const TOKEN = /hmcp_[\w-]{43}/;

describe('without a file', () => {
  test.each([
    [['ann'], undefined],
    [['ann', '--mode', 'draft'], 'draft'],
    [['--mode=read-only', 'ann'], 'read-only'],
  ])('%j prints a token and its line for the token file', async (argv, mode) => {
    const text = await runTokenCommand(argv);
    expect(text).toMatch(
      /^token, for the caller: {5}hmcp_\S+\nline, for the token file: {2}ann [0-9a-f]{64}( \S+)?\n$/,
    );
    const line = /file: +(.*)\n/.exec(text)![1]!;
    expect(findToken(parseTokens(line), TOKEN.exec(text)![0])).toMatchObject({ name: 'ann', mode });
  });

  test.each([['--help'], ['-h'], ['ann', '--help']])('%j prints the usage', async (...argv) => {
    const text = await runTokenCommand(argv);
    expect(text).toMatch(/^Usage: heyreach-mcp token NAME/);
    expect(text).not.toMatch(TOKEN);
  });
});

describe('with a file', () => {
  test('adds the line, prints only the token, and stores the token nowhere', async () => {
    const printed = await runTokenCommand(['ann', '--mode', 'draft', '--file', path]);
    expect(printed).toMatch(/^hmcp_[\w-]{43}\n$/);
    const written = await readFile(path, 'utf8');
    expect(written).not.toContain(printed.trim());
    expect(findToken(parseTokens(written), printed.trim())).toMatchObject({ name: 'ann', mode: 'draft' });
  });

  test('creates a file that only its owner can read', async () => {
    await runTokenCommand(['ann', '--file', path]);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  test('keeps the permissions and the content of an existing file', async () => {
    const before = `# ours\r\n${makeToken('ben', 'full').line}\r\n`;
    await writeFile(path, before);
    await chmod(path, 0o640);
    await runTokenCommand(['ann', '--file', path]);
    expect((await stat(path)).mode & 0o777).toBe(0o640);
    const written = await readFile(path, 'utf8');
    expect(written.startsWith(before)).toBe(true);
    expect(parseTokens(written).map(({ name }) => name)).toEqual(['ben', 'ann']);
  });

  test.each([
    ['without a line end after its last line', `# ours\n${makeToken('ben', undefined).line}`],
    ['with a comment at its end', `${makeToken('ben', undefined).line} # the last`],
    ['with blank lines at its end', `${makeToken('ben', undefined).line}\n\n`],
  ])('adds a line to a file %s', async (_, before) => {
    await writeFile(path, before);
    await runTokenCommand(['ann', '--file', path]);
    expect(parseTokens(await readFile(path, 'utf8')).map(({ name }) => name)).toEqual(['ben', 'ann']);
  });

  test('adds the first line to an empty file', async () => {
    await writeFile(path, '');
    await runTokenCommand(['ann', '--file', path]);
    expect(parseTokens(await readFile(path, 'utf8')).map(({ name }) => name)).toEqual(['ann']);
  });
});

describe('rejects in one line and leaves the file unchanged:', () => {
  const before = `${makeToken('ben', 'full').line}\n`;
  beforeEach(() => writeFile(path, before));

  test.each<[what: string, argv: string[], message: RegExp]>([
    ['no name', [], /^token takes one name\. Usage: /],
    ['two names', ['ann', 'cem'], /^token takes one name/],
    ['an empty name', [''], /^a name has letters, digits/],
    ['a name with a space', ['ann and cem'], /^a name has letters, digits/],
    ['a name that would start a comment', ['#ann'], /^a name has letters, digits/],
    ['a name with a line break', ['ann\ncem'], /^a name has letters, digits/],
    ['a name that is too long', ['n'.repeat(65)], /^a name has letters, digits/],
    ['a mode that does not exist', ['ann', '--mode', 'admin'], /^--mode must be one of read-only, draft, full$/],
    ['an empty mode', ['ann', '--mode', ''], /^--mode must be one of/],
    ['an option that does not exist', ['ann', '--modes', 'full'], /Unknown option '--modes'.* Usage: /],
    ['an option without its value', ['ann', '--mode'], /--mode.*Usage: /],
    ['a name that exists already', ['ben'], /tokens already has a token named ben$/],
  ])('%s', async (_, argv, message) => {
    const made = runTokenCommand([...argv, ...(argv.at(-1) === '--mode' ? [] : ['--file', path])]);
    await expect(made).rejects.toThrow(message);
    await expect(made).rejects.not.toThrow(/\n/);
    expect(await readFile(path, 'utf8')).toBe(before);
  });

  test('a file that already has an invalid line', async () => {
    await writeFile(path, `${before}cem secret\n`);
    const made = runTokenCommand(['ann', '--file', path]);
    await expect(made).rejects.toThrow(/tokens line 2 has no SHA-256/);
    await expect(made).rejects.not.toThrow('secret');
    expect(await readFile(path, 'utf8')).toBe(`${before}cem secret\n`);
  });

  test('a file that is too large', async () => {
    await truncate(path, 1024 * 1024 + 1);
    await expect(runTokenCommand(['ann', '--file', path])).rejects.toThrow(/tokens is larger than 1 MiB$/);
    expect((await stat(path)).size).toBe(1024 * 1024 + 1);
  });

  test('a file that is a folder, and a file in a missing folder', async () => {
    await mkdir(join(folder, 'other'));
    await expect(runTokenCommand(['ann', '--file', join(folder, 'other')])).rejects.toThrow(
      /other is not a regular file$/,
    );
    const nowhere = join(folder, 'nowhere', 'tokens');
    await expect(runTokenCommand(['ann', '--file', nowhere])).rejects.toThrow(/cannot be written \(ENOENT\)$/);
  });
});
