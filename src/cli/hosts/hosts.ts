import { posix, win32 } from 'node:path';
import { type Host, KEY_VARIABLE, type Machine } from './host.ts';

const pathsOf = ({ platform }: Machine) => (platform === 'win32' ? win32 : posix);

/** A path below the home folder. */
function inHome(machine: Machine, ...names: string[]): string {
  return pathsOf(machine).join(machine.home, ...names);
}

/** A path below the folder of the project. */
function inProject(machine: Machine, ...names: string[]): string {
  return pathsOf(machine).join(machine.folder, ...names);
}

/** A path below the folder where programs of the platform keep their settings. */
function inSettings(machine: Machine, ...names: string[]): string {
  const { platform, env } = machine;
  if (platform === 'darwin') return inHome(machine, 'Library', 'Application Support', ...names);
  const { join, isAbsolute } = pathsOf(machine);
  const named = platform === 'win32' ? env.APPDATA : env.XDG_CONFIG_HOME;
  // The XDG specification ignores a relative path.
  if (named !== undefined && isAbsolute(named)) return join(named, ...names);
  return platform === 'win32' ? inHome(machine, 'AppData', 'Roaming', ...names) : inHome(machine, '.config', ...names);
}

/** A path below the folder that a variable names, or below its usual place. */
function inFolderOf(variable: string | undefined, machine: Machine, usual: string, name: string): string {
  return variable === undefined || variable === ''
    ? inHome(machine, usual, name)
    : pathsOf(machine).join(variable, name);
}

const ENV_REFERENCE = `\${env:${KEY_VARIABLE}}`;

/** All hosts. `init`, `doctor`, documents and install links come from this table. */
export const allHosts: readonly Host[] = [
  {
    id: 'claude-desktop',
    title: 'Claude Desktop',
    format: 'jsonc',
    section: 'mcpServers',
    shownFile: 'claude_desktop_config.json',
    file: (machine, scope) =>
      scope === 'user' ? inSettings(machine, 'Claude', 'claude_desktop_config.json') : undefined,
    afterwards: 'Quit Claude Desktop and open it again.',
  },
  {
    id: 'claude-code',
    title: 'Claude Code',
    format: 'jsonc',
    section: 'mcpServers',
    shownFile: '~/.claude.json',
    projectFile: '.mcp.json',
    file: (machine, scope) => {
      if (scope === 'project') return inProject(machine, '.mcp.json');
      return inFolderOf(machine.env.CLAUDE_CONFIG_DIR, machine, '', '.claude.json');
    },
    traces: (machine) => [inHome(machine, '.claude')],
    fields: { type: 'stdio' },
    reference: `\${${KEY_VARIABLE}}`,
    afterwards: 'Check it with `claude mcp list`.',
  },
  {
    id: 'cursor',
    title: 'Cursor',
    format: 'jsonc',
    section: 'mcpServers',
    shownFile: '~/.cursor/mcp.json',
    projectFile: '.cursor/mcp.json',
    file: (machine, scope) => (scope === 'user' ? inHome : inProject)(machine, '.cursor', 'mcp.json'),
    // Cursor accepts at most 40 tools from all servers together.
    flags: ['--toolsets', 'essentials'],
    reference: ENV_REFERENCE,
    afterwards: 'Enable the server in the settings of Cursor, under MCP.',
  },
  {
    id: 'vscode',
    title: 'VS Code',
    format: 'jsonc',
    section: 'servers',
    shownFile: 'mcp.json of the user',
    projectFile: '.vscode/mcp.json',
    file: (machine, scope) =>
      scope === 'user' ? inSettings(machine, 'Code', 'User', 'mcp.json') : inProject(machine, '.vscode', 'mcp.json'),
    fields: { type: 'stdio' },
    reference: ENV_REFERENCE,
    asksForKey: true,
    afterwards: 'Start the server with the command `MCP: List Servers`. VS Code asks for the key once and stores it.',
  },
  {
    id: 'windsurf',
    title: 'Windsurf',
    format: 'jsonc',
    section: 'mcpServers',
    shownFile: '~/.codeium/windsurf/mcp_config.json',
    file: (machine, scope) =>
      scope === 'user' ? inHome(machine, '.codeium', 'windsurf', 'mcp_config.json') : undefined,
    reference: ENV_REFERENCE,
    afterwards: 'Refresh the servers in the MCP panel of Windsurf.',
  },
  {
    id: 'codex',
    title: 'Codex',
    format: 'toml',
    section: 'mcp_servers',
    shownFile: '~/.codex/config.toml',
    projectFile: '.codex/config.toml',
    file: (machine, scope) =>
      scope === 'project'
        ? inProject(machine, '.codex', 'config.toml')
        : inFolderOf(machine.env.CODEX_HOME, machine, '.codex', 'config.toml'),
    passesOn: 'env_vars',
    afterwards: 'Check it with `codex mcp list`.',
  },
  {
    id: 'gemini-cli',
    title: 'Gemini CLI',
    format: 'jsonc',
    section: 'mcpServers',
    shownFile: '~/.gemini/settings.json',
    projectFile: '.gemini/settings.json',
    file: (machine, scope) => (scope === 'user' ? inHome : inProject)(machine, '.gemini', 'settings.json'),
    reference: `$${KEY_VARIABLE}`,
    afterwards: 'Check it with `gemini mcp list` in a folder that you trust.',
  },
  {
    id: 'zed',
    title: 'Zed',
    format: 'jsonc',
    section: 'context_servers',
    shownFile: '~/.config/zed/settings.json',
    projectFile: '.zed/settings.json',
    file: (machine, scope) => {
      if (scope === 'project') return inProject(machine, '.zed', 'settings.json');
      // Zed uses ~/.config on macOS, too.
      return machine.platform === 'darwin'
        ? inHome(machine, '.config', 'zed', 'settings.json')
        : inSettings(machine, machine.platform === 'win32' ? 'Zed' : 'zed', 'settings.json');
    },
    fields: { source: 'custom' },
    afterwards: 'Look at the dot of the server in the settings of the agent panel.',
  },
  {
    id: 'kiro',
    title: 'Kiro',
    format: 'jsonc',
    section: 'mcpServers',
    shownFile: '~/.kiro/settings/mcp.json',
    projectFile: '.kiro/settings/mcp.json',
    file: (machine, scope) => (scope === 'user' ? inHome : inProject)(machine, '.kiro', 'settings', 'mcp.json'),
    reference: `\${${KEY_VARIABLE}}`,
    afterwards: 'Look at the MCP servers in the panel of Kiro.',
  },
  {
    id: 'lm-studio',
    title: 'LM Studio',
    format: 'jsonc',
    section: 'mcpServers',
    shownFile: '~/.lmstudio/mcp.json',
    file: (machine, scope) => (scope === 'user' ? inHome(machine, '.lmstudio', 'mcp.json') : undefined),
    // Local models have small contexts.
    flags: ['--toolsets', 'essentials'],
    afterwards: 'Switch the server on under Program, Install in LM Studio.',
  },
  {
    id: 'opencode',
    title: 'opencode',
    format: 'jsonc',
    section: 'mcp',
    shownFile: '~/.config/opencode/opencode.json',
    projectFile: 'opencode.json',
    file: (machine, scope) =>
      scope === 'user' ? inHome(machine, '.config', 'opencode', 'opencode.json') : inProject(machine, 'opencode.json'),
    fields: { type: 'local' },
    shape: ({ command, args, env }) => ({ command: [command, ...args], ...(env && { environment: env }) }),
    reference: `{env:${KEY_VARIABLE}}`,
    afterwards: 'Check it with `opencode mcp list`.',
  },
  {
    id: 'copilot-cli',
    title: 'GitHub Copilot CLI',
    format: 'jsonc',
    section: 'mcpServers',
    shownFile: '~/.copilot/mcp-config.json',
    file: (machine, scope) => (scope === 'user' ? inHome(machine, '.copilot', 'mcp-config.json') : undefined),
    fields: { type: 'local', tools: ['*'] },
    afterwards: 'Check it with `copilot mcp list`.',
  },
  {
    id: 'goose',
    title: 'goose',
    format: 'yaml',
    section: 'extensions',
    shownFile: '~/.config/goose/config.yaml',
    file: () => undefined,
    fields: { name: 'HeyReach', type: 'stdio', enabled: true, timeout: 300 },
    shape: ({ command, args, env }) => ({ cmd: command, args, ...(env && { envs: env }) }),
    afterwards: 'Start a new session.',
  },
];

/** The hosts that `init` configures and `doctor` looks at. */
export const hosts: readonly Host[] = allHosts.filter(({ format }) => format !== 'yaml');

/** The host with an id. */
export const hostOf = (id: string): Host | undefined => hosts.find((host) => host.id === id);
