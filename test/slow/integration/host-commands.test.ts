import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { block, root } from '../../support/documents/documents.ts';
import { type HttpProgram, run, startHttpProgram } from '../../support/programs/program.ts';

// Hosts that run in a terminal read the blocks of docs/clients.md and connect. No model is called.

/** Codex prints the keys of its servers, so it gets no test key. */
const KEY = 'made-up-key-that-a-host-prints';
let program: HttpProgram;
let home: string;
beforeAll(async () => {
  program = await startHttpProgram({ args: ['--sandbox'] });
});
afterAll(() => program?.stop());
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'heyreach-mcp-host-'));
  return () => rmSync(home, { recursive: true });
});

/** The path of a command that npx installs. */
async function install(packageName: string, command: string): Promise<string> {
  const { stdout } = await promisify(execFile)('npx', ['-y', '-p', packageName, '-c', `command -v ${command}`]);
  return stdout.trim();
}

/** Writes a block to the file that the host reads, with its placeholders filled in. */
function configure(file: string, name: string): void {
  const path = join(home, file);
  mkdirSync(dirname(path), { recursive: true });
  const text = block(name)
    .replace('/path/to/heyreach-mcp/', root)
    .replace('http://127.0.0.1:3000/mcp', program.url)
    .replace('your-heyreach-api-key', KEY);
  writeFileSync(path, text);
}

async function runHost(command: string, args: string[]): Promise<string> {
  // Gemini CLI starts servers only in trusted folders.
  const env = { HOME: home, NO_COLOR: '1', GEMINI_CLI_TRUST_WORKSPACE: 'true' };
  const { code, stdout, stderr } = await run(command, args, { env });
  expect(code, stderr).toBe(0);
  return `${stdout}${stderr}`;
}

describe('Codex', () => {
  let codex: string;
  beforeAll(async () => {
    codex = await install('@openai/codex@0.171.0', 'codex');
  });
  const listed = async () => {
    const { stdout } = await run(codex, ['mcp', 'list', '--json'], { env: { HOME: home } });
    return JSON.parse(stdout);
  };

  test('reads the entry for stdio', async () => {
    configure('.codex/config.toml', 'codex');
    expect(await listed()).toMatchObject([
      {
        name: 'heyreach',
        enabled: true,
        transport: {
          type: 'stdio',
          command: 'node',
          args: [`${root}dist/main.js`, '--mode', 'draft'],
          env: { HEYREACH_API_KEY: KEY },
        },
      },
    ]);
  });

  test('reads the entry for HTTP', async () => {
    configure('.codex/config.toml', 'codex-http');
    const transport = {
      type: 'streamable_http',
      url: program.url,
      env_http_headers: { 'X-API-KEY': 'HEYREACH_API_KEY' },
    };
    expect(await listed()).toMatchObject([{ name: 'heyreach', enabled: true, transport }]);
  });
});

describe('Gemini CLI', () => {
  let gemini: string;
  beforeAll(async () => {
    gemini = await install('@google/gemini-cli@0.61.0', 'gemini');
  });

  test.each(['gemini-cli', 'gemini-cli-http'])('connects with the block %s', async (name) => {
    configure('.gemini/settings.json', name);
    // It waits five seconds for the server.
    const list = () => runHost(gemini, ['mcp', 'list']);
    await expect.poll(list, { timeout: 60_000 }).toMatch(/heyreach: .* - Connected/);
  });
});

describe('opencode', () => {
  let opencode: string;
  beforeAll(async () => {
    opencode = await install('opencode-ai@1.18.33', 'opencode');
  });

  test.each(['opencode', 'opencode-http'])('connects with the block %s', async (name) => {
    configure('.config/opencode/opencode.json', name);
    expect(await runHost(opencode, ['mcp', 'list'])).toMatch(/✓ heyreach .*connected/);
  });
});
