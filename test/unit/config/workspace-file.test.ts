import { chmod, mkdtemp, rm, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { HeyReachClient } from '../../../src/client/index.ts';
import { ConfigError } from '../../../src/config/setting-types.ts';
import { WorkspaceFile, workspacesOf } from '../../../src/config/workspace-file.ts';
import { OTHER_TEST_KEY, TEST_KEY } from '../../support/runs/keys.ts';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'heyreach-mcp-workspaces-'));
  path = join(folder, 'workspaces');
  await write(`# our customers\nacme ${TEST_KEY} # since May\n\n  globex\t${OTHER_TEST_KEY}\r\n`);
});
afterEach(() => rm(folder, { recursive: true }));
const write = (text: string) => writeFile(path, text, { mode: 0o600 });

test('has the keys by name, in the order of the file, without comments', async () => {
  const file = await WorkspaceFile.open(path);
  expect([...file.keys]).toEqual([
    ['acme', TEST_KEY],
    ['globex', OTHER_TEST_KEY],
  ]);
});

describe('an invalid file prevents the start', () => {
  test.each<[what: string, make: () => Promise<unknown>, message: RegExp]>([
    ['missing', () => unlink(path), /cannot be read \(ENOENT\)$/],
    ['readable by others', () => chmod(path, 0o640), /can be read by other users\. Run chmod 600 on it$/],
    ['without a workspace', () => write('# none yet\n'), /contains no workspace/],
    ['a name in upper case', () => write(`Acme ${TEST_KEY}`), /line 1 has an invalid name/],
    ['a name that is too long', () => write(`${'a'.repeat(33)} ${TEST_KEY}`), /line 1 has an invalid name/],
    ['the name all', () => write(`all ${TEST_KEY}`), /line 1 has the name all/],
    ['a name twice', () => write(`acme ${TEST_KEY}\nacme ${OTHER_TEST_KEY}`), /line 2 repeats the name/],
    ['a key twice', () => write(`acme ${TEST_KEY}\nglobex ${TEST_KEY}`), /line 2 repeats the key/],
    ['no key', () => write('acme'), /line 1 has no HeyReach key/],
    ['a placeholder', () => write('acme your-heyreach-api-key'), /line 1 has a key that /],
    ['more than two words', () => write(`acme ${TEST_KEY} full`), /line 1 has more than a name and a key/],
  ])('%s', async (_, make, message) => {
    await make();
    const opened = WorkspaceFile.open(path);
    await expect(opened).rejects.toThrow(ConfigError);
    await expect(opened).rejects.toThrow(message);
    await expect(opened).rejects.toThrow(`HEYREACH_WORKSPACES: ${path} `);
    await expect(opened).rejects.not.toThrow(TEST_KEY);
  });
});

test('a reload adds new workspaces, and keeps the previous ones while the file is invalid', async () => {
  const file = await WorkspaceFile.open(path);
  await write(`initech ${TEST_KEY}`);
  expect(await file.reload()).toBeUndefined();
  expect([...file.keys.keys()]).toEqual(['initech']);
  await write('initech');
  expect(await file.reload()).toMatch(/line 1 has no HeyReach key/);
  await chmod(path, 0o644);
  expect(await file.reload()).toMatch(/chmod 600/);
  expect([...file.keys.keys()]).toEqual(['initech']);
});

describe('the choice of calls', () => {
  const clientFor = (name: string, key: string) => ({ name, key }) as unknown as HeyReachClient;

  test('accepts only the known names, has the first as default, and keeps the same list until the file changes', async () => {
    const file = await WorkspaceFile.open(path);
    const workspaces = workspacesOf(file, clientFor, { hasUnnamed: false });
    expect(workspaces.names()).toEqual(['acme', 'globex']);
    expect(workspaces.names()).toBe(workspaces.names());
    expect([workspaces.byDefault(), workspaces.isChoice()]).toEqual(['acme', true]);
    expect(workspaces.clientOf('globex')).toEqual({ name: 'globex', key: OTHER_TEST_KEY });
    expect(workspaces.clientOf('initech')).toBeUndefined();
    await write(`initech ${TEST_KEY}`);
    await file.reload();
    expect([workspaces.names(), workspaces.byDefault(), workspaces.isChoice()]).toEqual([
      ['initech'],
      'initech',
      false,
    ]);
  });

  test('has no default next to HEYREACH_API_KEY, whose workspace has no name', async () => {
    await write(`acme ${TEST_KEY}`);
    const workspaces = workspacesOf(await WorkspaceFile.open(path), clientFor, { hasUnnamed: true });
    expect([workspaces.byDefault(), workspaces.isChoice()]).toEqual([undefined, true]);
  });
});
