import { mkdir, mkdtemp, rm, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { TokenFile } from '../../src/front-door/token-file.ts';
import { makeToken } from '../../src/front-door/tokens.ts';
import { SetupFault } from '../../src/setting.ts';
import { pause } from '../kit/at-once.ts';

/** Holds back what comes of a read, so that another may overtake it. */
const slow = vi.hoisted(() => ({ next: undefined as ((text: string) => Promise<void>) | undefined }));
vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof import('node:fs/promises')>();
  const readFile = async (path: string, coding: 'utf8') => {
    const hold = slow.next;
    slow.next = undefined;
    const text = await real.readFile(path, coding);
    await hold?.(text);
    return text;
  };
  return { ...real, readFile };
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
    ['a folder', () => unlink(path).then(() => mkdir(path)), /cannot be read \(EISDIR\)$/],
    ['an empty file', () => writeFile(path, ''), /holds no token/],
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

  test('keeps those of before where it is broken, or gone', async () => {
    const file = await TokenFile.open(path);
    for (const spoil of [() => writeFile(path, 'ann'), () => writeFile(path, ''), () => unlink(path)]) {
      await spoil();
      await expect(file.reload()).rejects.toThrow(SetupFault);
      expect(file.find(ann.token)?.name).toBe('ann');
      expect(file.has(file.find(ben.token)!)).toBe(true);
    }
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
    await expect(file.reload()).rejects.toThrow(SetupFault);
    await writeFile(path, ben.line);
    await file.reload();
    expect(file.size).toBe(1);
  });
});
