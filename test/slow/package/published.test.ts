import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FROM_NPM, installLinks } from '../../../scripts/install-links.ts';
import { readEntry } from '../../../src/cli/hosts/edit-entry.ts';
import { programOf } from '../../../src/cli/hosts/host.ts';
import { hostOf } from '../../../src/cli/hosts/hosts.ts';
import { connectStdio } from '../../support/clients/clients.ts';
import { block, root, shownWith } from '../../support/documents/documents.ts';
import { run } from '../../support/programs/program.ts';
import { TEST_KEY } from '../../support/runs/keys.ts';
import { environmentOf, inFolder, npm, type Packed, pack, type Registry, startRegistry } from './packed.ts';

let packed: Packed;
let registry: Registry;
/** Where npx finds the package after publication. */
let env: Record<string, string>;

beforeAll(async () => {
  packed = await pack();
  registry = await startRegistry(packed);
  env = { ...environmentOf(packed.folder), npm_config_registry: registry.url };
});
afterAll(() => {
  registry?.close();
  packed?.remove();
});

/** Starts a documented command with a key in place of the example. Its flags decide the number of tools. */
async function startsAsWritten({ command = '', args }: { command?: string; args: string[] }): Promise<void> {
  expect([command, ...args.slice(0, 2)]).toEqual(['npx', '-y', 'heyreach-mcp']);
  const withKey = { ...env, HEYREACH_API_KEY: TEST_KEY };
  const [program, programArgs] = inFolder(env.HOME!, command, ...args);
  const peer = await connectStdio('v1', { command: [program], args: programArgs, env: withKey });
  expect(await peer.listTools()).toHaveLength(shownWith({ args: args.slice(1) }));
  await peer.close();
}

test('`npx -y heyreach-mcp` installs the published version', async () => {
  const ended = await run(...inFolder(env.HOME!, 'npx', '-y', 'heyreach-mcp', '--version'), { env });
  expect(existsSync(join(packed.folder, 'cache/_npx'))).toBe(true);
  expect(ended).toMatchObject({ code: 0, stdout: `${packed.version}\n` });
});

describe('the commands after publication start as written', () => {
  test.each(['claude-desktop', 'vscode', 'codex'])('the entry of %s', async (id) => {
    await startsAsWritten(programOf(readEntry(hostOf(id)!, block(`npx-${id}`), 'heyreach')));
  });

  test.each(['claude-code', 'codex'])('the command of %s', async (id) => {
    const [, line = ''] = block(`npx-add-${id}`).split(' -- ');
    const [command = '', ...args] = line.split(' ');
    await startsAsWritten({ command, args });
  });

  test('the link of Cursor', async () => {
    const { web } = installLinks(FROM_NPM).find(({ hostId }) => hostId === 'cursor')!;
    const config = Buffer.from(new URL(web).searchParams.get('config')!, 'base64').toString();
    await startsAsWritten(programOf(JSON.parse(config)));
  });
});

test('before publication, installing the clone adds the command that the links start', async () => {
  expect(block('install-global')).toMatch(/ && npm install --global \.$/);
  const prefix = join(packed.folder, 'global');
  mkdirSync(prefix);
  // The folder of the tests is already built.
  const installed = await npm(packed.folder, ['install', '--global', '--offline', '--prefix', prefix, root]);
  expect(installed.code, installed.stderr).toBe(0);
  const ended = await run(join(prefix, 'bin/heyreach-mcp'), ['--version']);
  expect(ended).toMatchObject({ code: 0, stdout: `${packed.version}\n` });
});
