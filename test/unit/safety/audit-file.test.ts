import { appendFileSync, existsSync, readFileSync, renameSync, statSync } from 'node:fs';
import { chmod, copyFile, mkdir, open, rm, rmdir, truncate, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { findAuditFileProblem } from '../../../src/safety/audit-file.ts';
import { useAuditFile } from '../../support/tools/audit.ts';
import { DONE, intent, KEY, named, startAuditLog } from '../../support/tools/audit-files.ts';

const file = useAuditFile();
const start = (pid?: number, running?: number[]) => startAuditLog(file.path, pid, running);
const modeOf = (path: string) => statSync(path).mode & 0o777;

describe('the audit file', () => {
  test('is created with mode 0600 whatever the umask, not changed afterwards', async () => {
    await writeFile(file.path, '');
    const probe = await open(file.path, 'r');
    vi.spyOn(Object.getPrototypeOf(probe), 'chmod').mockResolvedValue(undefined);
    await probe.close();
    await rm(file.path);
    const before = process.umask(0);
    try {
      await start().auditLog.begin(intent());
    } finally {
      process.umask(before);
      vi.restoreAllMocks();
    }
    expect(modeOf(file.path)).toBe(0o600);
  });

  test.each(['644', '666', '640', '604'])('is set back to 0600 from %s', async (shown) => {
    const mode = Number.parseInt(shown, 8);
    await writeFile(file.path, '');
    await chmod(file.path, mode);
    const { auditLog } = start();
    const end = await auditLog.begin(intent());
    expect(modeOf(file.path)).toBe(0o600);
    await chmod(file.path, mode);
    await end(DONE);
    expect(modeOf(file.path)).toBe(0o600);
  });

  test('keeps its content', async () => {
    const older = '{"phase":"outcome","id":"older"}\n';
    await writeFile(file.path, older);
    await start().auditLog.begin(intent());
    expect(file.text().startsWith(older)).toBe(true);
    expect(file.phases()).toEqual(['outcome', 'intent']);
  });

  test('keeps an incomplete last line on a line of its own', async () => {
    await start(99).auditLog.begin(named('first'));
    appendFileSync(file.path, '{"time":"2026-06-01T09:00:00.000Z","phase":"inte');
    const { auditLog } = start(100, [99]);
    const end = await auditLog.begin(named('second'));
    // A second incomplete line, while this process continues.
    appendFileSync(file.path, '{"phase":');
    await end(DONE);
    const written = file.text().split('\n');
    expect(written).toHaveLength(6);
    expect(written.at(-1)).toBe('');
    const [first, torn, second, tornAgain, after] = written;
    expect(torn).toMatch(/"inte$/);
    expect(tornAgain).toBe('{"phase":');
    expect(JSON.parse(first!).arguments).toEqual({ name: 'first' });
    expect(JSON.parse(second!).arguments).toEqual({ name: 'second' });
    expect(JSON.parse(after!)).toMatchObject({ phase: 'outcome', id: JSON.parse(second!).id });
  });

  test('is created again after a rename between two writes, and the renamed file is unchanged', async () => {
    const { auditLog } = start();
    const end = await auditLog.begin(intent());
    const copy = `${file.path}.1`;
    renameSync(file.path, copy);
    await chmod(copy, 0o640);
    const bytes = readFileSync(copy);
    await end(DONE);
    await auditLog.begin(intent());
    expect(readFileSync(copy).equals(bytes)).toBe(true);
    expect(modeOf(copy)).toBe(0o640);
    expect(file.phases()).toEqual(['outcome', 'intent']);
    expect(modeOf(file.path)).toBe(0o600);
  });

  test('continues from its beginning after a copy and a truncation between two writes', async () => {
    const { auditLog } = start();
    const end = await auditLog.begin(intent());
    const copy = `${file.path}.1`;
    await copyFile(file.path, copy);
    await chmod(copy, 0o640);
    await truncate(file.path);
    const bytes = readFileSync(copy);
    await end(DONE);
    expect(file.phases()).toEqual(['outcome']);
    expect(file.text().startsWith('{')).toBe(true);
    expect(readFileSync(copy).equals(bytes)).toBe(true);
    expect(modeOf(copy)).toBe(0o640);
  });
});

describe('begin rejects if the file cannot be written:', () => {
  test('a folder in its place, until it is removed', async () => {
    await mkdir(file.path);
    const { auditLog } = start();
    await expect(auditLog.begin(intent())).rejects.toThrow('EISDIR');
    await expect(auditLog.recent([KEY], 50)).rejects.toThrow('EISDIR');
    await rmdir(file.path);
    await auditLog.begin(intent());
    expect(file.phases()).toEqual(['intent']);
  });

  test('a missing folder, which is not created', async () => {
    const folder = join(dirname(file.path), 'missing');
    await expect(startAuditLog(join(folder, 'audit.jsonl')).auditLog.begin(intent())).rejects.toThrow('ENOENT');
    expect(existsSync(folder)).toBe(false);
  });

  test('a file in place of its folder, at each attempt', async () => {
    await writeFile(file.path, '');
    const { auditLog } = startAuditLog(join(file.path, 'audit.jsonl'));
    await expect(auditLog.begin(intent())).rejects.toThrow('ENOTDIR');
    await expect(auditLog.begin(intent())).rejects.toThrow('ENOTDIR');
    await expect(auditLog.recent([KEY], 50)).rejects.toThrow('ENOTDIR');
  });

  test('the end of a call rejects too, and later ends are written', async () => {
    const { auditLog } = start();
    const ends = [await auditLog.begin(intent()), await auditLog.begin(intent())];
    renameSync(file.path, `${file.path}.1`);
    await mkdir(file.path);
    await expect(ends[0]!(DONE)).rejects.toThrow('EISDIR');
    await rmdir(file.path);
    await ends[1]!(DONE);
    expect(file.phases()).toEqual(['outcome']);
  });
});

describe('the check at the start', () => {
  const check = (path: string) => findAuditFileProblem(path);

  test('creates nothing, and finds no problem with a new file or an existing one', async () => {
    expect(await check(file.path)).toBeUndefined();
    expect(existsSync(file.path)).toBe(false);
    await writeFile(file.path, '{}\n');
    expect(await check(file.path)).toBeUndefined();
    expect(readFileSync(file.path, 'utf8')).toBe('{}\n');
  });

  test('finds a missing folder, and a path that is a folder or a device', async () => {
    expect(await check(join(file.path, 'missing', 'audit.jsonl'))).toMatch(/^cannot be created \(ENOENT /);
    expect(await check(dirname(file.path))).toBe('is not a regular file');
    expect(await check('/dev/null')).toBe('is not a regular file');
    await writeFile(file.path, '');
    expect(await check(join(file.path, 'audit.jsonl'))).toMatch(/^cannot be written \(ENOTDIR\)/);
  });

  test.skipIf(process.getuid?.() === 0)('finds a file and a folder without write permission', async () => {
    await writeFile(file.path, '');
    await chmod(file.path, 0o400);
    expect(await check(file.path)).toBe('cannot be written (EACCES)');
    await rm(file.path);
    await chmod(dirname(file.path), 0o500);
    expect(await check(file.path)).toMatch(/^cannot be created \(EACCES /);
    await chmod(dirname(file.path), 0o700);
  });

  test('sets an open mode back to 0600', async () => {
    await writeFile(file.path, '');
    await chmod(file.path, 0o666);
    expect(await check(file.path)).toBeUndefined();
    expect(modeOf(file.path)).toBe(0o600);
  });
});
