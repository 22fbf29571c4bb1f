import { readdirSync, statSync, utimesSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { filesOnDisk } from '../../../../src/workflows/files/disk-files.ts';
import { type FileLimits, type FileStore, filesInMemory } from '../../../../src/workflows/files/file-store.ts';
import { ADA, GRACE } from '../../../support/tools/job-calls.ts';

const DAY_MS = 86_400_000;
const nameOf = (number: number) => `upload-${String(number).padStart(64, '0')}`;
const [FIRST, SECOND, THIRD] = [1, 2, 3].map(nameOf) as [string, string, string];
const bytes = (length: number) => Buffer.alloc(length, 'x');

let parent: string;
let folder: string;
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'heyreach-files-'));
  folder = join(parent, 'state');
});
afterEach(async () => {
  vi.useRealTimers();
  await rm(parent, { recursive: true, force: true });
});

/** Makes a file on the disk older, because a test cannot set the system clock back. */
function age(owner: string, name: string, ms: number): void {
  const then = new Date(Date.now() - ms);
  utimesSync(join(folder, 'files', owner, name), then, then);
}

describe.each<[string, (limits?: FileLimits) => FileStore]>([
  ['memory', (limits) => filesInMemory(limits)],
  ['a folder', (limits) => filesOnDisk(folder, limits)],
])('files in %s', (_, open) => {
  test('belong to one owner, and a later file replaces an earlier one of the same name', async () => {
    const store = open();
    await store.write(ADA, FIRST, Buffer.from('old'));
    await store.write(ADA, FIRST, Buffer.from('new'));
    await store.write(GRACE, SECOND, Buffer.from('of Grace'));
    expect(Buffer.from((await store.read(ADA, FIRST))!).toString()).toBe('new');
    expect(await store.read(GRACE, FIRST)).toBeUndefined();
    expect(await store.read(ADA, SECOND)).toBeUndefined();
  });

  test('above the count limit of an owner, the oldest goes, and no file of another owner', async () => {
    const store = open({ files: 2, bytes: 1_000 });
    await store.write(GRACE, FIRST, bytes(1));
    for (const [index, name] of [FIRST, SECOND].entries()) {
      await store.write(ADA, name, bytes(1));
      if (store.isDurable) age(ADA, name, 5_000 - index);
    }
    await store.write(ADA, THIRD, bytes(1));
    expect(await store.read(ADA, FIRST)).toBeUndefined();
    expect(await store.read(ADA, SECOND)).toHaveLength(1);
    expect(await store.read(ADA, THIRD)).toHaveLength(1);
    expect(await store.read(GRACE, FIRST)).toHaveLength(1);
  });

  test('above the size limit of an owner, the oldest goes, and never the newest', async () => {
    const store = open({ files: 10, bytes: 100 });
    await store.write(ADA, FIRST, bytes(60));
    if (store.isDurable) age(ADA, FIRST, 5_000);
    await store.write(ADA, SECOND, bytes(60));
    expect(await store.read(ADA, FIRST)).toBeUndefined();
    if (store.isDurable) age(ADA, SECOND, 5_000);
    await store.write(ADA, THIRD, bytes(200));
    expect(await store.read(ADA, SECOND)).toBeUndefined();
    expect(await store.read(ADA, THIRD)).toHaveLength(200);
  });

  test('are gone after 24 hours, with or without a sweep', async () => {
    vi.useFakeTimers({ toFake: ['Date', 'performance'] });
    // The fake clock starts at 0, which lru-cache reads as no time.
    vi.advanceTimersByTime(1);
    const store = open();
    await store.write(ADA, FIRST, bytes(1));
    vi.advanceTimersByTime(DAY_MS - 60_000);
    await store.sweep();
    expect(await store.read(ADA, FIRST)).toHaveLength(1);
    vi.advanceTimersByTime(120_000);
    expect(await store.read(ADA, FIRST)).toBeUndefined();
  });

  test('find nothing under an invalid name', async () => {
    expect(await open().read(ADA, '../../etc/passwd')).toBeUndefined();
  });
});

test('memory bounds all files together, and a file that is too large is an error', async () => {
  const store = filesInMemory({ files: 10, bytes: 10_000 }, 1_000);
  await store.write(ADA, FIRST, bytes(600));
  await store.write(GRACE, FIRST, bytes(600));
  expect(await store.read(ADA, FIRST)).toBeUndefined();
  expect(await store.read(GRACE, FIRST)).toHaveLength(600);
  await expect(store.write(ADA, FIRST, bytes(1_001))).rejects.toThrow('does not fit into memory');
});

describe('files in a folder', () => {
  test('belong to this user only, another process can read them, and no unfinished file stays', async () => {
    const path = await filesOnDisk(folder).write(ADA, FIRST, bytes(3));
    expect(path).toBe(join(folder, 'files', ADA, FIRST));
    expect(statSync(path!).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, 'files')).mode & 0o777).toBe(0o700);
    expect(statSync(join(folder, 'files', ADA)).mode & 0o777).toBe(0o700);
    expect(await filesOnDisk(folder).read(ADA, FIRST)).toHaveLength(3);
    expect(readdirSync(join(folder, 'files', ADA))).toEqual([FIRST]);
  });

  test('a sweep removes files older than a day, of all owners, with unfinished files', async () => {
    const store = filesOnDisk(folder);
    for (const [owner, name] of [
      [ADA, FIRST],
      [ADA, SECOND],
      [GRACE, THIRD],
    ] as const) {
      await store.write(owner, name, bytes(1));
    }
    age(ADA, FIRST, DAY_MS + 60_000);
    age(GRACE, THIRD, DAY_MS + 60_000);
    expect(await store.read(ADA, FIRST)).toBeUndefined();
    await store.sweep();
    expect(readdirSync(join(folder, 'files', ADA))).toEqual([SECOND]);
    expect(readdirSync(join(folder, 'files', GRACE))).toEqual([]);
  });

  test('are not kept in a folder that others can read, or under an invalid name', async () => {
    const store = filesOnDisk(folder);
    await expect(store.write(ADA, '../x', bytes(1))).rejects.toThrow('cannot be the name of a file');
    await expect(store.write('../x', FIRST, bytes(1))).rejects.toThrow('cannot be the name of a file');
    await mkdir(join(folder, 'files'), { recursive: true });
    await chmod(join(folder, 'files'), 0o755);
    await expect(store.write(ADA, FIRST, bytes(1))).rejects.toThrow('is not a private folder');
  });

  test('a sweep of a missing folder creates nothing', async () => {
    await filesOnDisk(folder).sweep();
    expect(readdirSync(parent)).toEqual([]);
  });
});
