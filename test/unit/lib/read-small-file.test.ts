import { mkdir, mkdtemp, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FileReadError, readSmallFile } from '../../../src/lib/read-small-file.ts';
import { makeFifo } from '../../support/programs/token-files.ts';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'heyreach-mcp-small-file-'));
  path = join(folder, 'file');
});
afterEach(() => rm(folder, { recursive: true }));

test('reads a text, also behind a link', async () => {
  await writeFile(path, 'Grüße\n');
  await symlink(path, join(folder, 'link'));
  expect(await readSmallFile(path)).toBe('Grüße\n');
  expect(await readSmallFile(join(folder, 'link'))).toBe('Grüße\n');
});

test('reads a file of exactly 1 MiB', async () => {
  await writeFile(path, '');
  await truncate(path, 1024 * 1024);
  expect(await readSmallFile(path)).toHaveLength(1024 * 1024);
});

describe('rejects, with a short reason,', () => {
  test.each<[what: string, make: () => Promise<unknown>, message: string, code: string | undefined]>([
    ['a missing file', async () => {}, 'cannot be read (ENOENT)', 'ENOENT'],
    ['a link to a missing file', () => symlink(join(folder, 'nowhere'), path), 'cannot be read (ENOENT)', 'ENOENT'],
    ['a link to itself', () => symlink(path, path), 'cannot be read (ELOOP)', 'ELOOP'],
    ['a folder', () => mkdir(path), 'is not a regular file', undefined],
    ['a FIFO without a writer', async () => symlink(makeFifo(folder), path), 'is not a regular file', undefined],
    ['a device', () => symlink('/dev/zero', path), 'is not a regular file', undefined],
    [
      'a file of 1 MiB and a byte',
      () => writeFile(path, '').then(() => truncate(path, 1024 * 1024 + 1)),
      'is larger than 1 MiB',
      undefined,
    ],
  ])('%s', async (_, make, message, code) => {
    await make();
    const fault = await readSmallFile(path).catch((error: unknown) => error);
    expect(fault).toBeInstanceOf(FileReadError);
    expect(fault).toMatchObject({ message, code });
  });

  test('a socket', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(path, resolve));
    await expect(readSmallFile(path)).rejects.toThrow(FileReadError);
    await new Promise((resolve) => server.close(resolve));
  });
});
