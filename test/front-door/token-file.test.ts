import { mkdir, mkdtemp, rm, symlink, truncate, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { TokenFile } from '../../src/front-door/token-file.ts';
import { makeToken } from '../../src/front-door/tokens.ts';
import { SetupFault } from '../../src/setting.ts';
import { pause } from '../kit/at-once.ts';

/** Holds back what comes of a read, so that another may overtake it. */
const slow = vi.hoisted(() => ({ next: undefined as ((text: string) => Promise<void>) | undefined }));
vi.mock('../../src/front-door/small-file.ts', async (original) => {
  const real = await original<typeof import('../../src/front-door/small-file.ts')>();
  const readSmallFile = async (path: string) => {
    const hold = slow.next;
    slow.next = undefined;
    const text = await real.readSmallFile(path);
    await hold?.(text);
    return text;
  };
  return { ...real, readSmallFile };
});

const ann = makeToken('ann', 'draft');
const ben = makeToken('ben', undefined);

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'heyreach-mcp-token-file-'));
  path = join(folder, 'tokens');
  await writeFile(path, `${ann.line}\n${ben.line}\n`);
});
afterEach(() => rm(folder, { recursive: true }));

test('knows whoever stands in it, and how many', async () => {
  const file = await TokenFile.open(path);
  expect(file.size).toBe(2);
  expect(file.find(ann.token)).toMatchObject({ name: 'ann', mode: 'draft' });
  expect(file.find(ben.token)).toMatchObject({ name: 'ben', mode: undefined });
  expect(file.find('hmcp_made-up')).toBeUndefined();
});

describe('that cannot be read ends in a fault of the setup', () => {
  test.each<[what: string, make: () => Promise<unknown>, said: RegExp]>([
    ['a file that is not there', () => unlink(path), /cannot be read \(ENOENT\)$/],
    ['a folder', () => unlink(path).then(() => mkdir(path)), /is no regular file$/],
    ['a file that is too large', () => truncate(path, 1024 * 1024 + 1), /is larger than 1 MiB$/],
    ['an empty file', () => writeFile(path, ''), /holds no token/],
    ['a file of remarks', () => writeFile(path, '# nobody yet\n\n'), /holds no token; .*heyreach-mcp token NAME/],
    ['a bad line', () => writeFile(path, `${ann.line}\nben secret\n`), /line 2 has no SHA-256/],
  ])('%s', async (_, make, said) => {
    await make();
    const opened = TokenFile.open(path);
    await expect(opened).rejects.toThrow(SetupFault);
    await expect(opened).rejects.toThrow(said);
    await expect(opened).rejects.toThrow(`HEYREACH_MCP_TOKENS: ${path} `);
    await expect(opened).rejects.not.toThrow('secret');
  });
});

describe('read again', () => {
  test('has who came and not who went', async () => {
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
    ['the same in capitals', () => ann.line.replace(/[0-9a-f]{64}/, (digest) => digest.toUpperCase()), true],
    ['another mode', () => ann.line.replace('draft', 'full'), false],
    ['no mode', () => ann.line.replace(' draft', ''), false],
    ['another name', () => ann.line.replace('ann', 'anna'), false],
    ['another token of that name', () => makeToken('ann', 'draft').line, false],
  ])('with %s one that was found before has its rights: %#', async (_, line, isIn) => {
    const file = await TokenFile.open(path);
    const before = file.find(ann.token)!;
    await writeFile(path, `${ben.line}\n${line()}\n`);
    await file.reload();
    expect(file.has(before)).toBe(isIn);
  });

  test.each<[what: string, empty: () => Promise<unknown>, said: RegExp]>([
    ['nothing', () => writeFile(path, ''), /holds no token/],
    ['blank lines', () => writeFile(path, ' \r\n\n'), /holds no token/],
    ['remarks', () => writeFile(path, `# ${ann.line}\n#${ben.line}`), /holds no token/],
    ['no file', () => unlink(path), /cannot be read \(ENOENT\)$/],
  ])('lets nobody in where there is %s', async (_, empty, said) => {
    const file = await TokenFile.open(path);
    const before = file.find(ann.token)!;
    await empty();
    expect(await file.reload()).toEqual({ fault: expect.stringMatching(said), dropped: 2 });
    expect(file.size).toBe(0);
    expect(file.find(ann.token)).toBeUndefined();
    expect(file.has(before)).toBe(false);
    await writeFile(path, ben.line);
    expect(await file.reload()).toEqual({ dropped: 0 });
    expect(file.find(ben.token)?.name).toBe('ben');
  });

  test.each<[what: string, spoil: () => Promise<unknown>, said: RegExp]>([
    ['is a folder', () => unlink(path).then(() => mkdir(path)), /is no regular file$/],
    ['is too large', () => truncate(path, 1024 * 1024 + 1), /is larger than 1 MiB$/],
    ['cannot be opened', () => unlink(path).then(() => symlink(path, path)), /cannot be read \(ELOOP\)$/],
    ['has a bad line', () => writeFile(path, `cem\n${ann.line}\n${ben.line}`), /line 1 has no SHA-256/],
    ['has a bad mode', () => writeFile(path, `${ann.line}s\n${ben.line}`), /line 1 ends with what is no mode/],
    [
      'has a name twice',
      () => writeFile(path, `${ben.line}\n${ann.line.replace('ann', 'ben')}`),
      /line 2 has the name/,
    ],
  ])('keeps those of before where it %s', async (_, spoil, said) => {
    const file = await TokenFile.open(path);
    await spoil();
    expect(await file.reload()).toEqual({ fault: expect.stringMatching(said), dropped: 0 });
    expect(file.find(ann.token)).toMatchObject({ name: 'ann', mode: 'draft' });
    expect(file.has(file.find(ben.token)!)).toBe(true);
  });

  test.each<[what: string, rest: () => string]>([
    ['without its line', () => ''],
    ['with a remark of its line', () => `# ${ann.line}`],
    ['with another token in its line', () => makeToken('ann', 'draft').line],
    ['with its name alone', () => 'ann'],
  ])('and not understood, it keeps nobody that was revoked: %s', async (_, rest) => {
    const file = await TokenFile.open(path);
    const before = file.find(ann.token)!;
    await writeFile(path, `cem secret\n${rest()}\n${ben.line.toUpperCase()}\n`);
    expect(await file.reload()).toEqual({ fault: expect.stringMatching(/line 1 has no SHA-256/), dropped: 1 });
    expect(file.find(ann.token)).toBeUndefined();
    expect(file.has(before)).toBe(false);
    expect(file.find(ben.token)?.name).toBe('ben');
  });

  test('twice at once has what was written last, however long the first takes', async () => {
    const file = await TokenFile.open(path);
    let goOn = () => {};
    const hasRead = new Promise<string>((resolve) => {
      slow.next = (text) => {
        resolve(text);
        return new Promise((go) => {
          goOn = go;
        });
      };
    });
    const first = file.reload();
    expect(await hasRead).toContain(ann.line);
    await writeFile(path, ben.line);
    const second = file.reload();
    // Time enough to overtake, could it.
    await Promise.race([second, pause(100)]);
    goOn();
    await Promise.all([first, second]);
    expect(file.find(ann.token)).toBeUndefined();
    expect(file.find(ben.token)?.name).toBe('ben');
  });

  test('after a fault reads on', async () => {
    const file = await TokenFile.open(path);
    await writeFile(path, 'ann');
    expect((await file.reload()).fault).toContain('line 1');
    await writeFile(path, ben.line);
    await file.reload();
    expect(file.size).toBe(1);
  });
});
