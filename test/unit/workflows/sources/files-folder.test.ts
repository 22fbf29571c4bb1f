import { link, mkdir, mkdtemp, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findFilesFolderProblem, localFilesOf } from '../../../../src/workflows/sources/files-folder.ts';
import { makeFifo } from '../../../support/programs/token-files.ts';

const ENDINGS = ['.csv', '.json'];
let root: string;
let folder: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'files-'));
  folder = join(root, 'folder');
  await mkdir(join(folder, 'sub'), { recursive: true });
  await writeFile(join(folder, 'leads.csv'), 'a,b\n');
  await writeFile(join(folder, 'sub', 'Leads.CSV'), 'c,d\n');
  await writeFile(join(folder, 'notes.txt'), 'secret');
  await writeFile(join(root, 'secret.csv'), 'secret');
  await symlink(join(root, 'secret.csv'), join(folder, 'out.csv'));
  await symlink(join(folder, 'notes.txt'), join(folder, 'renamed.csv'));
  await symlink(root, join(folder, 'up'));
  await symlink(join(folder, 'leads.csv'), join(folder, 'inside.csv'));
  await link(join(folder, 'leads.csv'), join(folder, 'same.csv'));
  await mkdir(join(folder, 'folder.csv'));
  makeFifo(folder, 'pipe.csv');
  await writeFile(join(folder, 'large.csv'), '');
  await truncate(join(folder, 'large.csv'), 20_000_001);
});
afterAll(() => rm(root, { recursive: true, force: true }));

const read = async (name: string) => {
  const result = await localFilesOf('stdio', folder).read(name, ENDINGS);
  return result.ok ? Buffer.from(result.bytes).toString() : result.message;
};

describe('HEYREACH_FILES_DIR', () => {
  test('files below the folder are read, by relative and absolute path', async () => {
    expect(await read('leads.csv')).toBe('a,b\n');
    expect(await read('sub/Leads.CSV')).toBe('c,d\n');
    expect(await read(join(folder, 'leads.csv'))).toBe('a,b\n');
    expect(await read('sub/../leads.csv')).toBe('a,b\n');
    expect(await read('inside.csv')).toBe('a,b\n');
    expect(await read('same.csv')).toBe('a,b\n');
  });

  test.each([
    ...['../secret.csv', 'out.csv', 'up/secret.csv', 'missing.csv', '../missing.csv', 'sub/../../secret.csv'],
    ...['renamed.csv', 'folder.csv/../../secret.csv', '/etc/passwd.csv', 'a\0b.csv'],
  ])('%j gives the same error as a missing file', async (name) => {
    expect(await read(name)).toBe('is not a file below the folder HEYREACH_FILES_DIR');
  });

  test('does not read other file extensions, folders, pipes and large files', async () => {
    expect(await read('notes.txt')).toBe('has an ending that cannot be read');
    expect(await read('.csv')).toBe('has an ending that cannot be read');
    expect(await read('folder.csv')).toBe('is not a regular file');
    expect(await read('pipe.csv')).toBe('is not a regular file');
    expect(await read('large.csv')).toBe('is larger than 20 MB');
  });

  test('without a folder, and over HTTP, the error says what to do', async () => {
    expect(await localFilesOf('stdio', undefined).read('leads.csv', ENDINGS)).toMatchObject({
      ok: false,
      message: 'cannot be read: HEYREACH_FILES_DIR is not set',
      nextStep: expect.stringContaining('set HEYREACH_FILES_DIR to a folder'),
    });
    expect(await localFilesOf('http', folder).read('leads.csv', ENDINGS)).toMatchObject({
      ok: false,
      nextStep: expect.stringContaining('POST /files'),
    });
  });

  test('the program does not start with an unreadable folder', async () => {
    expect(await findFilesFolderProblem(folder)).toBeUndefined();
    expect(await findFilesFolderProblem(join(root, 'none'))).toBe('cannot be read (ENOENT)');
    expect(await findFilesFolderProblem(join(root, 'secret.csv'))).toBe('is not a folder');
  });
});
