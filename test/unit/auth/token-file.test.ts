import { mkdir, mkdtemp, open, rm, symlink, truncate, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { TokenFile } from '../../../src/auth/token-file.ts';
import { makeToken } from '../../../src/auth/tokens.ts';
import { ConfigError } from '../../../src/config/setting-types.ts';
import { pause } from '../../support/runs/timing.ts';

const ann = makeToken('ann', 'draft');
const ben = makeToken('ben', undefined);

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'heyreach-mcp-token-file-'));
  path = join(folder, 'tokens');
  await writeFile(path, `${ann.line}\n${ben.line}\n`);
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(folder, { recursive: true });
});

test('finds every token of the file, and their number', async () => {
  const file = await TokenFile.open(path);
  expect(file.size).toBe(2);
  expect(file.find(ann.token)).toMatchObject({ name: 'ann', mode: 'draft' });
  expect(file.find(ben.token)).toMatchObject({ name: 'ben', mode: undefined });
  expect(file.find('hmcp_made-up')).toBeUndefined();
});

describe('opening ends with a configuration error for', () => {
  test.each<[what: string, make: () => Promise<unknown>, message: RegExp]>([
    ['a missing file', () => unlink(path), /cannot be read \(ENOENT\)$/],
    ['a folder', () => unlink(path).then(() => mkdir(path)), /is not a regular file$/],
    ['a file that is too large', () => truncate(path, 1024 * 1024 + 1), /is larger than 1 MiB$/],
    ['an empty file', () => writeFile(path, ''), /contains no token/],
    [
      'a file that has only comments',
      () => writeFile(path, '# no tokens yet\n\n'),
      /contains no token. .*heyreach-mcp token NAME/,
    ],
    ['an invalid line', () => writeFile(path, `${ann.line}\nben secret\n`), /line 2 has no SHA-256/],
  ])('%s', async (_, make, message) => {
    await make();
    const opened = TokenFile.open(path);
    await expect(opened).rejects.toThrow(ConfigError);
    await expect(opened).rejects.toThrow(message);
    await expect(opened).rejects.toThrow(`HEYREACH_MCP_TOKENS: ${path} `);
    await expect(opened).rejects.not.toThrow('secret');
  });
});

describe('a reload', () => {
  test('adds new tokens and revokes removed ones', async () => {
    const file = await TokenFile.open(path);
    const before = file.find(ann.token)!;
    await writeFile(path, ben.line);
    expect(file.find(ann.token)).toBe(before);
    await file.reload();
    expect(file.size).toBe(1);
    expect(file.find(ann.token)).toBeUndefined();
    expect(file.has(before)).toBe(false);
  });

  test.each<[what: string, line: () => string, isIn: boolean]>([
    ['the same line', () => ann.line, true],
    [
      'the same line with its hash in upper case',
      () => ann.line.replace(/[0-9a-f]{64}/, (digest) => digest.toUpperCase()),
      true,
    ],
    ['another mode', () => ann.line.replace('draft', 'full'), false],
    ['no mode', () => ann.line.replace(' draft', ''), false],
    ['another name', () => ann.line.replace('ann', 'anna'), false],
    ['another token under the same name', () => makeToken('ann', 'draft').line, false],
  ])('with %s decides whether an earlier token stays valid: %#', async (_, line, isIn) => {
    const file = await TokenFile.open(path);
    const before = file.find(ann.token)!;
    await writeFile(path, `${ben.line}\n${line()}\n`);
    await file.reload();
    expect(file.has(before)).toBe(isIn);
  });

  test.each<[what: string, empty: () => Promise<unknown>, message: RegExp]>([
    ['nothing', () => writeFile(path, ''), /contains no token/],
    ['blank lines', () => writeFile(path, ' \r\n\n'), /contains no token/],
    ['remarks', () => writeFile(path, `# ${ann.line}\n#${ben.line}`), /contains no token/],
    ['no file', () => unlink(path), /cannot be read \(ENOENT\)$/],
  ])('revokes every token when it finds %s', async (_, empty, message) => {
    const file = await TokenFile.open(path);
    const before = file.find(ann.token)!;
    await empty();
    expect(await file.reload()).toEqual({ error: expect.stringMatching(message), dropped: 2 });
    expect(file.size).toBe(0);
    expect(file.find(ann.token)).toBeUndefined();
    expect(file.has(before)).toBe(false);
    await writeFile(path, ben.line);
    expect(await file.reload()).toEqual({ dropped: 0 });
    expect(file.find(ben.token)?.name).toBe('ben');
  });

  test.each<[what: string, spoil: () => Promise<unknown>, message: RegExp]>([
    ['is a folder', () => unlink(path).then(() => mkdir(path)), /is not a regular file$/],
    ['is too large', () => truncate(path, 1024 * 1024 + 1), /is larger than 1 MiB$/],
    ['cannot be opened', () => unlink(path).then(() => symlink(path, path)), /cannot be read \(ELOOP\)$/],
    ['has an invalid line', () => writeFile(path, `cem\n${ann.line}\n${ben.line}`), /line 1 has no SHA-256/],
    ['has an invalid mode', () => writeFile(path, `${ann.line}s\n${ben.line}`), /line 1 has an invalid mode/],
    [
      'repeats a name',
      () => writeFile(path, `${ben.line}\n${ann.line.replace('ann', 'ben')}`),
      /line 2 repeats the name/,
    ],
  ])('keeps the earlier tokens when the file %s', async (_, spoil, message) => {
    const file = await TokenFile.open(path);
    await spoil();
    expect(await file.reload()).toEqual({ error: expect.stringMatching(message), dropped: 0 });
    expect(file.find(ann.token)).toMatchObject({ name: 'ann', mode: 'draft' });
    expect(file.has(file.find(ben.token)!)).toBe(true);
  });

  test.each<[what: string, rest: () => string]>([
    ['its line is missing', () => ''],
    ['its line is a comment', () => `# ${ann.line}`],
    ['its line has another token', () => makeToken('ann', 'draft').line],
    ['its line has only the name', () => 'ann'],
  ])('an invalid file still revokes a removed token: %s', async (_, rest) => {
    const file = await TokenFile.open(path);
    const before = file.find(ann.token)!;
    await writeFile(path, `cem secret\n${rest()}\n${ben.line.toUpperCase()}\n`);
    expect(await file.reload()).toEqual({ error: expect.stringMatching(/line 1 has no SHA-256/), dropped: 1 });
    expect(file.find(ann.token)).toBeUndefined();
    expect(file.has(before)).toBe(false);
    expect(file.find(ben.token)?.name).toBe('ben');
  });

  test('concurrent reloads end with the newest content, even if the first read is slow', async () => {
    const file = await TokenFile.open(path);
    let goOn = () => {};
    const probe = await open(path, 'r');
    const prototype = Object.getPrototypeOf(probe) as { readFile(encoding: string): Promise<string> };
    await probe.close();
    const { readFile } = prototype;
    const hasRead = new Promise<string>((resolve) => {
      // Holds back the result of a read, so that another read may finish first.
      vi.spyOn(prototype, 'readFile').mockImplementationOnce(async function (this: unknown, encoding) {
        const text = await readFile.call(this, encoding);
        resolve(text);
        await new Promise<void>((go) => {
          goOn = go;
        });
        return text;
      });
    });
    const first = file.reload();
    expect(await hasRead).toContain(ann.line);
    await writeFile(path, ben.line);
    const second = file.reload();
    // Time enough for the second reload to finish first, if nothing prevented it.
    await Promise.race([second, pause(100)]);
    goOn();
    await Promise.all([first, second]);
    expect(file.find(ann.token)).toBeUndefined();
    expect(file.find(ben.token)?.name).toBe('ben');
  });

  test('works after a reload with an error', async () => {
    const file = await TokenFile.open(path);
    await writeFile(path, 'ann');
    expect((await file.reload()).error).toContain('line 1');
    await writeFile(path, ben.line);
    await file.reload();
    expect(file.size).toBe(1);
  });
});
