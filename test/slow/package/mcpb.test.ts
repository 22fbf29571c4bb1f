import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import { getMcpConfigForManifest, type McpbManifestAny, unpackExtension, validateManifest } from '@anthropic-ai/mcpb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { packMcpb } from '../../../scripts/mcpb.ts';
import { settings } from '../../../src/config/settings.ts';
import { connectStdio } from '../../support/clients/clients.ts';
import { root } from '../../support/documents/documents.ts';
import { run } from '../../support/programs/program.ts';
import { TEST_KEY } from '../../support/runs/keys.ts';
import { defaultTools } from '../../support/tools/tool-counts.ts';

let folder: string;
let packed: string;
let unpacked: string;
let manifest: McpbManifestAny;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'heyreach-mcp-extension-'));
  packed = await packMcpb(folder);
  unpacked = join(folder, 'unpacked');
  expect(await unpackExtension({ mcpbPath: packed, outputDir: unpacked, silent: true })).toBe(true);
  manifest = JSON.parse(readFileSync(join(unpacked, 'manifest.json'), 'utf8'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The command with which a host starts the extension with these options, by the package that defines the format. */
async function launchWith(userConfig: Record<string, string | number | boolean>) {
  const systemDirs = { HOME: folder };
  const config = await getMcpConfigForManifest({
    ...{ manifest, userConfig, systemDirs },
    extensionPath: unpacked,
    pathSeparator: sep,
  });
  return { command: [config!.command, ...(config!.args ?? [])], env: config!.env ?? {} };
}

async function endingWith(userConfig: Record<string, string>) {
  const { command, env } = await launchWith(userConfig);
  return run(command[0]!, command.slice(1), { env });
}

describe('the extension', () => {
  test('is a valid bundle of version 0.3 below 1 MB, with the program, its licences and an icon', () => {
    expect(validateManifest(join(unpacked, 'manifest.json'))).toBe(true);
    const { version } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));
    expect(manifest).toMatchObject({ manifest_version: '0.3', version });
    expect(packed.endsWith(`heyreach-mcp-${version}.mcpb`)).toBe(true);
    expect(statSync(packed).size).toBeLessThan(1_000_000);
    expect(readdirSync(unpacked).sort()).toEqual(['LICENSE', 'dist', 'icon.png', 'manifest.json', 'package.json']);
    const files = readdirSync(join(unpacked, 'dist'));
    expect(files).toContain('THIRD_PARTY_NOTICES.md');
    expect(files.filter((file) => file.endsWith('.map'))).toEqual([]);
    const icon = readFileSync(join(unpacked, 'icon.png'));
    expect([icon.toString('latin1', 1, 4), icon.readUInt32BE(16), icon.readUInt32BE(20)]).toEqual(['PNG', 512, 512]);
  });

  test('names the default tools', () => {
    expect(manifest.tools?.map(({ name }) => name).sort()).toEqual(defaultTools.map(({ name }) => name).sort());
  });

  test('hides the key, and has a default for each option and a setting for each variable', () => {
    const options = Object.entries(manifest.user_config ?? {});
    expect(options.filter(([, { default: fallback }]) => fallback === undefined)).toEqual([]);
    expect(options.filter(([, { sensitive }]) => sensitive === true).map(([name]) => name)).toEqual(['api_key']);
    const env = manifest.server.mcp_config.env ?? {};
    const variables = Object.values<{ variable?: string }>(settings).map(({ variable }) => variable);
    expect(Object.keys(env).filter((name) => !variables.includes(name))).toEqual([]);
    expect(Object.values(env).sort()).toEqual(options.map(([name]) => `\${user_config.${name}}`).sort());
  });
});

describe('started as a host starts it', () => {
  test.each([
    ['no option is set', {}],
    ['the key is empty', { api_key: '' }],
  ])('ends with exit code 2 and one sentence if %s', async (_, userConfig) => {
    const ended = await endingWith(userConfig);
    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr).toMatch(/^heyreach-mcp: HEYREACH_API_KEY is not set\..*\n$/);
  });

  test('ends with exit code 2 if the host leaves the name of the option in place of the key', async () => {
    const ended = await endingWith({ api_key: '${user_config.api_key}' });
    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr).toMatch(/^heyreach-mcp: HEYREACH_API_KEY holds a placeholder instead of a key.*\n$/);
  });

  test('works on the sandbox without a key, in the mode draft', async () => {
    const peer = await connectStdio('v1', await launchWith({ sandbox: true }));
    const names = (await peer.listTools()).map(({ name }) => name);
    expect(names).toContain('create_campaign');
    expect(names).not.toContain('send_message');
    expect(peer.serverTitle()).toBe('HeyReach (sandbox)');
    expect((await peer.callTool('list_campaigns', { limit: 2 })).structuredContent).toMatchObject({ returned: 2 });
    await peer.close();
  });

  test('uses key, mode, limit and folder', async () => {
    const options = { api_key: TEST_KEY, mode: 'full', max_sends_per_hour: 5, files_folder: folder };
    const peer = await connectStdio('v2-modern', await launchWith(options));
    expect(await peer.listTools()).toHaveLength(defaultTools.length);
    expect(peer.serverTitle()).toBe('HeyReach');
    await peer.close();
  });
});
