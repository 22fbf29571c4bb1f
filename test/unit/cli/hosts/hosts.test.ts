import { describe, expect, test } from 'vitest';
import { entryOf, type Host, isOurs, type Launch, type Machine, programOf } from '../../../../src/cli/hosts/host.ts';
import { hostOf, hosts } from '../../../../src/cli/hosts/hosts.ts';

const LINUX: Machine = { platform: 'linux', home: '/home/ada', folder: '/projects/site', env: {} };
const MAC: Machine = { platform: 'darwin', home: '/Users/ada', folder: '/projects/site', env: {} };
const WINDOWS: Machine = {
  platform: 'win32',
  home: 'C:\\Users\\ada',
  folder: 'C:\\work',
  env: { APPDATA: 'D:\\Roaming' },
};
const host = (id: string): Host => hostOf(id)!;
const filesOn = (machine: Machine, scope: 'user' | 'project') =>
  Object.fromEntries(hosts.map(({ id, file }) => [id, file(machine, scope)]));

describe('the paths of the host files', () => {
  test('are correct on Linux', () => {
    expect(filesOn(LINUX, 'user')).toEqual({
      'claude-desktop': '/home/ada/.config/Claude/claude_desktop_config.json',
      'claude-code': '/home/ada/.claude.json',
      cursor: '/home/ada/.cursor/mcp.json',
      vscode: '/home/ada/.config/Code/User/mcp.json',
      windsurf: '/home/ada/.codeium/windsurf/mcp_config.json',
      codex: '/home/ada/.codex/config.toml',
      'gemini-cli': '/home/ada/.gemini/settings.json',
      zed: '/home/ada/.config/zed/settings.json',
      kiro: '/home/ada/.kiro/settings/mcp.json',
      'lm-studio': '/home/ada/.lmstudio/mcp.json',
      opencode: '/home/ada/.config/opencode/opencode.json',
      'copilot-cli': '/home/ada/.copilot/mcp-config.json',
    });
  });

  test('are correct on macOS', () => {
    expect(filesOn(MAC, 'user')).toEqual({
      'claude-desktop': '/Users/ada/Library/Application Support/Claude/claude_desktop_config.json',
      'claude-code': '/Users/ada/.claude.json',
      cursor: '/Users/ada/.cursor/mcp.json',
      vscode: '/Users/ada/Library/Application Support/Code/User/mcp.json',
      windsurf: '/Users/ada/.codeium/windsurf/mcp_config.json',
      codex: '/Users/ada/.codex/config.toml',
      'gemini-cli': '/Users/ada/.gemini/settings.json',
      zed: '/Users/ada/.config/zed/settings.json',
      kiro: '/Users/ada/.kiro/settings/mcp.json',
      'lm-studio': '/Users/ada/.lmstudio/mcp.json',
      opencode: '/Users/ada/.config/opencode/opencode.json',
      'copilot-cli': '/Users/ada/.copilot/mcp-config.json',
    });
  });

  test('are correct on Windows', () => {
    expect(filesOn(WINDOWS, 'user')).toEqual({
      'claude-desktop': 'D:\\Roaming\\Claude\\claude_desktop_config.json',
      'claude-code': 'C:\\Users\\ada\\.claude.json',
      cursor: 'C:\\Users\\ada\\.cursor\\mcp.json',
      vscode: 'D:\\Roaming\\Code\\User\\mcp.json',
      windsurf: 'C:\\Users\\ada\\.codeium\\windsurf\\mcp_config.json',
      codex: 'C:\\Users\\ada\\.codex\\config.toml',
      'gemini-cli': 'C:\\Users\\ada\\.gemini\\settings.json',
      zed: 'D:\\Roaming\\Zed\\settings.json',
      kiro: 'C:\\Users\\ada\\.kiro\\settings\\mcp.json',
      'lm-studio': 'C:\\Users\\ada\\.lmstudio\\mcp.json',
      opencode: 'C:\\Users\\ada\\.config\\opencode\\opencode.json',
      'copilot-cli': 'C:\\Users\\ada\\.copilot\\mcp-config.json',
    });
    expect(host('vscode').file({ ...WINDOWS, env: {} }, 'user')).toBe(
      'C:\\Users\\ada\\AppData\\Roaming\\Code\\User\\mcp.json',
    );
  });

  test('are correct in one project', () => {
    expect(filesOn(LINUX, 'project')).toEqual({
      'claude-desktop': undefined,
      'claude-code': '/projects/site/.mcp.json',
      cursor: '/projects/site/.cursor/mcp.json',
      vscode: '/projects/site/.vscode/mcp.json',
      windsurf: undefined,
      codex: '/projects/site/.codex/config.toml',
      'gemini-cli': '/projects/site/.gemini/settings.json',
      zed: '/projects/site/.zed/settings.json',
      kiro: '/projects/site/.kiro/settings/mcp.json',
      'lm-studio': undefined,
      opencode: '/projects/site/opencode.json',
      'copilot-cli': undefined,
    });
  });

  test('follow the environment variables of the hosts', () => {
    const machine = {
      ...LINUX,
      env: { XDG_CONFIG_HOME: '/x', CLAUDE_CONFIG_DIR: '/c', CODEX_HOME: '/o', APPDATA: '/no' },
    };
    const files = filesOn(machine, 'user');
    expect(files.zed).toBe('/x/zed/settings.json');
    expect(files['claude-desktop']).toBe('/x/Claude/claude_desktop_config.json');
    expect(files['claude-code']).toBe('/c/.claude.json');
    expect(files.codex).toBe('/o/config.toml');
    expect(host('zed').file({ ...LINUX, env: { XDG_CONFIG_HOME: 'relative' } }, 'user')).toBe(
      '/home/ada/.config/zed/settings.json',
    );
  });
});

describe('the entry of a host', () => {
  const launch = { command: '/usr/bin/node', args: ['/opt/heyreach-mcp/dist/main.js', '--mode', 'draft'] };
  const written = { ...launch, key: { from: 'entry', key: 'made-up' } } as const;
  const passed = { ...launch, key: { from: 'variable' } } as const;
  const env = (value: string) => ({ env: { HEYREACH_API_KEY: value } });

  test.each<[id: string, fields: object, withKey: object, withVariable: object | undefined]>([
    ['claude-desktop', {}, env('made-up'), undefined],
    ['claude-code', { type: 'stdio' }, env('made-up'), env('${HEYREACH_API_KEY}')],
    ['cursor', {}, env('made-up'), env('${env:HEYREACH_API_KEY}')],
    ['vscode', { type: 'stdio' }, env('${input:heyreach-key}'), env('${env:HEYREACH_API_KEY}')],
    ['windsurf', {}, env('made-up'), env('${env:HEYREACH_API_KEY}')],
    ['codex', {}, env('made-up'), { env_vars: ['HEYREACH_API_KEY'] }],
    ['gemini-cli', {}, env('made-up'), env('$HEYREACH_API_KEY')],
    ['zed', { source: 'custom' }, env('made-up'), undefined],
    ['kiro', {}, env('made-up'), env('${HEYREACH_API_KEY}')],
    ['lm-studio', {}, env('made-up'), undefined],
    ['copilot-cli', { type: 'local', tools: ['*'] }, env('made-up'), undefined],
  ])('%s', (id, fields, withKey, withVariable) => {
    expect(entryOf(host(id), 'heyreach', { ...launch, key: { from: 'none' } }).value).toEqual({ ...fields, ...launch });
    expect(entryOf(host(id), 'heyreach', written).value).toEqual({ ...fields, ...launch, ...withKey });
    if (withVariable === undefined)
      expect(() => entryOf(host(id), 'heyreach', passed)).toThrow('cannot pass environment variables on');
    else expect(entryOf(host(id), 'heyreach', passed).value).toEqual({ ...fields, ...launch, ...withVariable });
  });

  test('opencode has the command and its arguments in one list', () => {
    const { command, args } = launch;
    const value = { type: 'local', command: [command, ...args] };
    const entryFrom = (key: Launch['key']) => entryOf(host('opencode'), 'heyreach', { ...launch, key }).value;
    expect(entryFrom({ from: 'none' })).toEqual(value);
    expect(entryFrom(written.key)).toEqual({ ...value, environment: { HEYREACH_API_KEY: 'made-up' } });
    expect(entryFrom(passed.key)).toEqual({ ...value, environment: { HEYREACH_API_KEY: '{env:HEYREACH_API_KEY}' } });
    expect(programOf(entryFrom(written.key))).toEqual({ ...launch, env: { HEYREACH_API_KEY: 'made-up' } });
  });

  test('VS Code prompts for the key under the name of the entry', () => {
    expect(entryOf(host('vscode'), 'outreach', written).input).toEqual({
      type: 'promptString',
      id: 'outreach-key',
      description: 'HeyReach API key',
      password: true,
    });
  });

  test('contains a HeyReach URL other than the usual one, so that the key is not sent to the usual host', () => {
    const { value } = entryOf(host('cursor'), 'heyreach', { ...written, baseUrl: 'http://127.0.0.1:4010' });
    expect(value.env).toEqual({ HEYREACH_API_KEY: 'made-up', HEYREACH_BASE_URL: 'http://127.0.0.1:4010' });
  });
});

describe('an entry starts this program', () => {
  test.each<[value: unknown, isOurs: boolean]>([
    [{ command: 'node', args: ['/srv/app/dist/main.js', '--mode', 'full'] }, true],
    [{ command: 'node', args: ['/path/to/heyreach-mcp/dist/main.js'] }, true],
    [{ command: 'C:\\node.exe', args: ['C:\\x\\heyreach-mcp-0.1.0\\dist\\main.js'] }, true],
    [{ command: 'npx', args: ['-y', 'heyreach-mcp@0.1.0', '--mode', 'draft'] }, true],
    [{ command: '/usr/local/bin/heyreach-mcp' }, true],
    [{ command: 'node', args: ['/other/dist/main.js'] }, false],
    [{ command: 'npx', args: ['-y', 'heyreach-mcp-server'] }, false],
    [{ command: 'npx', args: ['-y', '@example/heyreach-mcp-fork'] }, false],
    [{ url: 'http://127.0.0.1:3000/mcp' }, false],
    ['heyreach-mcp', false],
    [null, false],
    [{ command: 7, args: 'heyreach-mcp' }, false],
    [{ command: ['/usr/bin/node', '/srv/app/dist/main.js'] }, true],
    [{ command: ['/usr/bin/node', '/srv/other/main.js'] }, false],
  ])('%j: %s', (value, expected) => {
    expect(isOurs(value, '/srv/app/dist/main.js')).toBe(expected);
  });
});
