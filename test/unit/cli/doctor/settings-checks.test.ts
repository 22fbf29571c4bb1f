import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { checkFiles } from '../../../../src/cli/doctor/settings-checks.ts';
import { parseConfig } from '../../../../src/config/load-config.ts';
import { optionalPath } from '../../../../src/config/setting-types.ts';
import { type Config, settings } from '../../../../src/config/settings.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'heyreach-doctor-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function configWith(further: Partial<Config>): Config {
  const parsed = parseConfig(['--sandbox'], {});
  if (!parsed.ok || !('config' in parsed)) throw new Error('the sandbox needs no other setting');
  return { ...parsed.config, ...further };
}

test('every setting that names a file or folder has a check', async () => {
  const named = Object.entries(settings).filter(([, { read }]) => (read as unknown) === optionalPath);
  const paths = Object.fromEntries(named.map(([name]) => [name, join(folder, 'none', name)]));
  const checks = await checkFiles(configWith(paths));
  expect(checks.map(({ name }) => name).sort()).toEqual(named.map(([, { variable }]) => variable).sort());
});

test('the file of subjects is read as the server reads it', async () => {
  const path = join(folder, 'subjects');
  await writeFile(path, 'ada draft\n', { mode: 0o600 });
  const config = configWith({ oauthSubjects: path });
  expect(await checkFiles(config)).toEqual([
    { name: 'HEYREACH_OAUTH_SUBJECTS', status: 'ok', detail: `${path}, mode 600` },
  ]);
  await writeFile(path, 'ada everything\n');
  expect(await checkFiles(config)).toMatchObject([
    { name: 'HEYREACH_OAUTH_SUBJECTS', status: 'failed', detail: expect.stringContaining('line 1 must have') },
  ]);
});
