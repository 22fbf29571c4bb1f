import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { readJsonc } from '../../../src/cli/edit/jsonc.ts';
import { readToml } from '../../../src/cli/edit/toml.ts';
import { type Sandbox, startSandbox } from '../../../src/sandbox/index.ts';
import { connectStdio } from '../../support/clients/clients.ts';
import { block, type Entry } from '../../support/documents/documents.ts';
import { MAIN, run, runMain } from '../../support/programs/program.ts';
import { TEST_KEY } from '../../support/runs/keys.ts';

let sandbox: Sandbox;
let home: string;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox?.close());
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'heyreach-mcp-init-'));
  return () => rmSync(home, { recursive: true });
});

const init = (args: string[], { env = {}, input = '' }: { env?: Record<string, string>; input?: string } = {}) =>
  runMain(['init', ...args], { env: { HOME: home, HEYREACH_BASE_URL: sandbox.url, ...env }, input });
const path = (file: string) => join(home, file);
const read = (file: string) => readFileSync(path(file), 'utf8');
const mode = (file: string) => statSync(path(file)).mode & 0o777;
function write(file: string, text: string): void {
  mkdirSync(dirname(path(file)), { recursive: true });
  writeFileSync(path(file), text);
}
const backups = (folder: string) => readdirSync(path(folder)).filter((name) => name.includes('.bak-'));

describe('heyreach-mcp init', () => {
  test('writes an entry that starts as written', async () => {
    const ended = await init(block('init').replace('node dist/main.js init ', '').split(' '));
    expect([ended.code, ended.stderr]).toEqual([0, '']);
    const { mcpServers } = JSON.parse(read('.cursor/mcp.json')) as { mcpServers: { heyreach: Entry } };
    const { command, args = [] } = mcpServers.heyreach;
    expect([command, args[0]]).toEqual([process.execPath, MAIN]);
    expect(args.slice(1)).toEqual(['--mode', 'draft', '--toolsets', 'essentials', '--sandbox']);
    expect(mode('.cursor/mcp.json')).toBe(0o600);
    const peer = await connectStdio('v1', { args: args.slice(1), built: true });
    expect((await peer.listTools()).length).toBeGreaterThan(20);
    await peer.close();
  });

  test('validates a key from stdin with HeyReach, writes it, and prints no part of it', async () => {
    const { code, stdout, stderr } = await init(['claude-desktop'], { input: `${TEST_KEY}\n` });
    expect(code, stderr).toBe(0);
    const { env } = JSON.parse(read('.config/Claude/claude_desktop_config.json')).mcpServers.heyreach;
    expect(env).toEqual({ HEYREACH_API_KEY: TEST_KEY, HEYREACH_BASE_URL: sandbox.url });
    expect(stderr).toContain('HeyReach accepts the key');
    expect(`${stdout}${stderr}`).not.toContain(TEST_KEY.slice(0, 6));
  });

  test('writes nothing if HeyReach rejects the key, and reports if HeyReach cannot be reached', async () => {
    const rejected = await init(['claude-desktop'], { env: { HEYREACH_API_KEY: 'invalid' } });
    expect(rejected.code).toBe(1);
    expect(rejected.stderr).toContain('HeyReach rejects this key (HTTP 401). Nothing was written');
    expect(existsSync(path('.config'))).toBe(false);
    const down = await init(['claude-desktop'], {
      env: { HEYREACH_API_KEY: TEST_KEY, HEYREACH_BASE_URL: 'http://127.0.0.1:1' },
    });
    expect(down.code).toBe(0);
    expect(down.stderr).toContain('The key is not checked: the connection was refused');
  });

  test.each(['', 'your-heyreach-api-key', '${HEYREACH_API_KEY}', 'two words'])('rejects %j as a key', async (input) => {
    const { code, stderr } = await init(['windsurf'], { input });
    expect([code, existsSync(path('.codeium'))]).toEqual([1, false]);
    expect(stderr).toMatch(/there is no key|example text|placeholder|not allowed in a key/);
  });

  test('writes no key if the host gets it from elsewhere', async () => {
    const env = { HEYREACH_API_KEY: TEST_KEY };
    for (const id of ['vscode', 'gemini-cli'])
      await init([id, ...(id === 'vscode' ? [] : ['--key-from-env'])], { env });
    expect(read('.config/Code/User/mcp.json')).toContain('"${input:heyreach-key}"');
    expect(read('.gemini/settings.json')).toContain('"$HEYREACH_API_KEY"');
    expect(read('.config/Code/User/mcp.json') + read('.gemini/settings.json')).not.toContain(TEST_KEY);
    const refused = await init(['claude-desktop', '--key-from-env'], { env });
    expect([refused.code, refused.stderr]).toEqual([
      1,
      'heyreach-mcp: Claude Desktop cannot pass environment variables on. Leave out --key-from-env.\n',
    ]);
    const project = await init(['windsurf', '--scope', 'project'], { env });
    expect(project.stderr).toContain('Windsurf has no file for one project');
  });

  test('changes an existing file in place: backup, BOM, CRLF, symlink and mode', async () => {
    const text = '\uFEFF{\r\n\t// mine\r\n\t"mcpServers": {\r\n\t\t"a": { "command": "a" }\r\n\t}\r\n}\r\n';
    write('dotfiles/mcp.json', text);
    chmodSync(path('dotfiles/mcp.json'), 0o644);
    mkdirSync(path('.cursor'));
    symlinkSync('../dotfiles/mcp.json', path('.cursor/mcp.json'));
    expect((await init(['cursor', '--sandbox'])).code).toBe(0);
    expect(lstatSync(path('.cursor/mcp.json')).isSymbolicLink()).toBe(true);
    expect(read('dotfiles/mcp.json').startsWith(text.slice(0, text.indexOf(' }') + 2))).toBe(true);
    expect(mode('dotfiles/mcp.json')).toBe(0o644);
    const [backup = '', ...others] = backups('dotfiles');
    expect(others).toEqual([]);
    expect(backup).toMatch(/^mcp\.json\.bak-\d{14}$/);
    expect(read(`dotfiles/${backup}`)).toBe(text);
    expect(mode(`dotfiles/${backup}`)).toBe(0o600);
    // A second run with the same entry changes nothing.
    expect((await init(['cursor', '--sandbox'])).stdout).toContain('has the entry heyreach already');
    expect(backups('dotfiles')).toHaveLength(1);
    // With a key in the file, other users lose their access.
    expect((await init(['cursor'], { env: { HEYREACH_API_KEY: TEST_KEY } })).code).toBe(0);
    expect(mode('dotfiles/mcp.json')).toBe(0o600);
    expect((await init(['cursor', '--remove'])).code).toBe(0);
    expect(read('dotfiles/mcp.json')).toBe(text);
  });

  test('rejects an entry of another program without --force, and an unreadable file', async () => {
    const foreign = '{ "mcpServers": { "heyreach": { "command": "other" } } }';
    write('.cursor/mcp.json', foreign);
    for (const flag of ['--sandbox', '--remove']) {
      const { code, stderr } = await init(['cursor', flag]);
      expect(code).toBe(1);
      expect(stderr).toContain('has an entry heyreach that starts another program');
      expect(read('.cursor/mcp.json')).toBe(foreign);
    }
    expect((await init(['cursor', '--sandbox', '--force'])).code).toBe(0);
    expect(read('.cursor/mcp.json')).not.toContain('"other"');
    for (const broken of ['{ "mcpServers": {', 'null x', '{ "mcpServers": [] }', '\u0000\u0001']) {
      write('.gemini/settings.json', broken);
      const { code, stderr } = await init(['gemini-cli', '--sandbox']);
      expect([code, read('.gemini/settings.json')]).toEqual([1, broken]);
      expect(stderr).toMatch(/settings\.json (is not|has another).*Nothing was written to it\.\n$/);
    }
    expect(backups('.gemini')).toEqual([]);
  });

  test('all means the installed hosts, and a rejected host does not affect the others', async () => {
    expect((await init(['all', '--sandbox'])).stderr).toContain('no host is found on this computer');
    write('.codex/config.toml', '# mine\n');
    write('.claude.json', '{}');
    write('.gemini/settings.json', '{');
    mkdirSync(path('.config/zed'), { recursive: true });
    const { code, stdout, stderr } = await init(['all', '--sandbox', '--name', 'outreach']);
    expect(code).toBe(1);
    expect([...stdout.matchAll(/^(\S.*): \//gm)].map(([, title]) => title)).toEqual(['Claude Code', 'Codex', 'Zed']);
    expect(stderr).toContain('settings.json is not valid JSON');
    expect(readToml(read('.codex/config.toml'), ['mcp_servers', 'outreach', 'command'])).toBe(process.execPath);
    expect(JSON.parse(read('.config/zed/settings.json')).context_servers.outreach.source).toBe('custom');
    expect(JSON.parse(read('.claude.json')).mcpServers.outreach.type).toBe('stdio');
  });

  test('--dry-run and --print write nothing, need no key and print the entry', async () => {
    write('.cursor/mcp.json', '{ "mcpServers": { "other": { "env": { "TOKEN": "not-for-the-screen" } } } }');
    const env = { HEYREACH_API_KEY: TEST_KEY };
    const shown = await init(['cursor', '--dry-run', '--mode', 'full'], { env });
    expect(shown.stdout).toContain('would add the entry heyreach');
    expect(shown.stdout).toContain('"full"');
    const printed = await init(['cursor', '--print'], { env });
    expect(JSON.parse(printed.stdout).mcpServers.heyreach.env.HEYREACH_API_KEY).toBe('your-heyreach-api-key');
    for (const { stdout, stderr } of [shown, printed]) {
      expect(stdout + stderr).not.toContain(TEST_KEY);
      expect(stdout + stderr).not.toContain('not-for-the-screen');
    }
    expect(readdirSync(path('.cursor'))).toEqual(['mcp.json']);
  });

  test.each([
    [['curser'], 'unknown host curser. Did you mean cursor?'],
    [[], 'init takes one host'],
    [['cursor', '--mode', 'all'], '--mode must be one of read-only, draft, full'],
    [['cursor', '--name', 'a b'], '--name takes letters'],
    [['cursor', '--sandbox', '--key-from-env'], 'exclude each other'],
    [['cursor', '--pin', '--remove'], 'exclude each other'],
    [['goose'], 'init does not edit ~/.config/goose/config.yaml'],
    [['cursor', '--forse'], "Unknown option '--forse'"],
  ])('rejects the command line %j', async (args, message) => {
    const { code, stderr } = await init(args);
    expect([code, stderr.includes(message)]).toEqual([2, true]);
  });

  test('--pin is rejected if the entry starts a file, and nothing is written', async () => {
    const { code, stderr } = await init(['cursor', '--sandbox', '--pin']);
    expect([code, existsSync(path('.cursor'))]).toEqual([1, false]);
    expect(stderr).toContain(`the entry would start ${MAIN}. The package is not on npm yet. Leave out --pin`);
  });

  test('opencode gets one list, which doctor and --remove find again', async () => {
    write('.config/opencode/opencode.json', '{\n  // mine\n  "theme": "x"\n}\n');
    expect((await init(['opencode', '--sandbox'])).code).toBe(0);
    const { heyreach } = readJsonc(read('.config/opencode/opencode.json'), ['mcp']) as { heyreach: object };
    expect(heyreach).toEqual({ type: 'local', command: [process.execPath, MAIN, '--mode', 'draft', '--sandbox'] });
    const doctor = await runMain(['doctor', '--sandbox'], { env: { HOME: home } });
    expect(doctor.stdout).toContain('opencode: heyreach: ');
    expect(doctor.stdout).toContain('mode draft');
    expect((await init(['opencode', '--remove'])).code).toBe(0);
    expect(read('.config/opencode/opencode.json')).toContain('// mine');
    expect(read('.config/opencode/opencode.json')).not.toContain('heyreach');
  });

  test('--help lists the hosts and flags', async () => {
    const { stdout } = await init(['--help']);
    expect(stdout).toContain('gemini-cli, zed');
    expect(stdout).toContain('--pin');
  });
});

describe('a killed process', () => {
  // Kills the program at the named call of the file system.
  test.each(['copyFile', 'chmod', 'rename'])(
    'at its %s leaves the file unchanged, and the next run succeeds',
    async (call) => {
      const text = '{ "mcpServers": { "a": {} } }\n';
      write('.cursor/mcp.json', text);
      const preload = `data:text/javascript,${encodeURIComponent(
        `import fs from 'node:fs/promises';
       import { syncBuiltinESMExports } from 'node:module';
       fs.${call} = async () => process.kill(process.pid, 'SIGKILL');
       syncBuiltinESMExports();`,
      )}`;
      const killed = await run(process.execPath, ['--import', preload, MAIN, 'init', 'cursor', '--sandbox'], {
        env: { HOME: home },
      });
      expect(killed.code).toBe(null);
      expect(read('.cursor/mcp.json')).toBe(text);
      expect((await init(['cursor', '--sandbox'])).code).toBe(0);
      expect(Object.keys(JSON.parse(read('.cursor/mcp.json')).mcpServers)).toEqual(['a', 'heyreach']);
    },
  );
});
