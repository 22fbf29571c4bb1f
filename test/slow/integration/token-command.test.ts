import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { makeToken } from '../../../src/auth/tokens.ts';
import { LIST, send } from '../../support/clients/raw-http.ts';
import { runMain, startHttpProgram } from '../../support/programs/program.ts';
import { HOLDERS, makeFifo, type TokenFileOfTest, tokenFile } from '../../support/programs/token-files.ts';
import { TEST_KEY } from '../../support/runs/keys.ts';

const { robot, friend } = HOLDERS;
let file: TokenFileOfTest;
beforeEach(() => {
  file = tokenFile(robot.line);
});
afterEach(() => file.remove());

const TOKEN = /^hmcp_[\w-]{43}$/;
const env = (path = file.path) => ({ HEYREACH_API_KEY: TEST_KEY, HEYREACH_MCP_TOKENS: path });

/** Expects that a server with that file accepts a token and shows the tools of its mode. */
async function expectAccepted(token: string, path: string, hasSend: boolean): Promise<void> {
  const program = await startHttpProgram({ env: env(path) });
  const reply = await send(program.url, { headers: { authorization: `Bearer ${token}` }, body: LIST });
  await program.stop();
  expect(reply.status).toBe(200);
  expect(reply.text.includes('"name":"send_message"')).toBe(hasSend);
}

describe('heyreach-mcp token', () => {
  test('prints a token and its line, which works in a token file', async () => {
    const { code, stdout, stderr } = await runMain(['token', 'newcomer', '--mode', 'draft']);
    expect([code, stderr]).toEqual([0, '']);
    const [, token, line] = /^token, for the caller: {5}(\S+)\nline, for the token file: {2}(.+)\n$/.exec(stdout) ?? [];
    expect(token).toMatch(TOKEN);
    expect(line).toMatch(/^newcomer [0-9a-f]{64} draft$/);
    file.write(robot.line, line!);
    await expectAccepted(token!, file.path, false);
  });

  test('with --file it creates a file with mode 0600, appends to it, and prints only the token', async () => {
    const path = join(file.folder, 'made');
    const first = await runMain(['token', 'newcomer', '--file', path]);
    expect([first.code, first.stderr]).toEqual([0, '']);
    expect(first.stdout.trimEnd()).toMatch(TOKEN);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const second = await runMain(['token', 'another', '--mode=read-only', '--file', path]);
    expect(second.stdout.trimEnd()).toMatch(TOKEN);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const written = readFileSync(path, 'utf8');
    expect(written).toMatch(/^newcomer [0-9a-f]{64}\nanother [0-9a-f]{64} read-only\n$/);
    for (const { stdout } of [first, second]) expect(written).not.toContain(stdout.trim());
    await expectAccepted(first.stdout.trim(), path, true);
    await expectAccepted(second.stdout.trim(), path, false);
  });

  test.each<[what: string, argv: string[], message: RegExp]>([
    ['a name that exists already', ['robot'], /already has a token named robot$/],
    ['a flag that does not exist', ['newcomer', '--for', 'ever'], /Unknown option '--for'/],
    ['no name', [], /token takes one name/],
    ['a name with a space', ['two words'], /a name has letters/],
    ['a mode that does not exist', ['newcomer', '--mode', 'admin'], /--mode must be one of read-only, draft, full$/],
  ])('rejects %s in one line, and writes nothing', async (_, argv, message) => {
    const { code, stdout, stderr } = await runMain(['token', ...argv, '--file', file.path]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^heyreach-mcp: [^\n]+\n$/);
    expect(stderr.trimEnd()).toMatch(message);
    expect(readFileSync(file.path, 'utf8')).toBe(`${robot.line}\n`);
  });

  test('does not wait at a FIFO in place of the file', async () => {
    const path = makeFifo(file.folder);
    const { code, stdout, stderr } = await runMain(['token', 'newcomer', '--file', path]);
    expect([code, stdout, stderr]).toEqual([2, '', `heyreach-mcp: ${path} is not a regular file\n`]);
  });

  test('needs no key, and prints its usage', async () => {
    const { code, stdout } = await runMain(['token', '--help']);
    expect(code).toBe(0);
    expect(stdout).toContain('heyreach-mcp token NAME');
    expect(stdout).toContain('SIGHUP');
  });
});

describe('an invalid token file ends the start with one line', () => {
  const digestOf = ({ line }: { line: string }) => line.split(' ')[1]!;
  test.each<[what: string, arrange: () => string, message: RegExp]>([
    ['that is missing', () => join(file.folder, 'nowhere'), /nowhere cannot be read \(ENOENT\)/],
    ['that is a FIFO, which would block', () => makeFifo(file.folder), /fifo is not a regular file/],
    ['with a token in place of its hash', () => written(`robot ${robot.token}`), /line 1 has no SHA-256/],
    ['with an invalid name', () => written(`my/robot ${digestOf(robot)}`), /line 1 has an invalid name/],
    [
      'that is a folder',
      () => {
        const path = join(file.folder, 'folder');
        if (!existsSync(path)) mkdirSync(path);
        return path;
      },
      /folder is not a regular file/,
    ],
    ['that is too large', () => written(robot.line, '#'.repeat(1024 * 1024)), /is larger than 1 MiB/],
    ['that is empty', () => written(), /contains no token/],
    ['with only comments', () => written('# empty'), /contains no token/],
    ['with an invalid hash', () => written(robot.line, 'friend 0123456789abcdef'), /line 2 has no SHA-256/],
    ['with an invalid mode', () => written(`${friend.line} everything`), /line 1 has an invalid mode/],
    ['with a repeated name', () => written(robot.line, makeToken('robot', undefined).line), /line 2 repeats the name/],
    ['with a repeated token', () => written(robot.line, `friend ${digestOf(robot)}`), /line 2 repeats the token/],
  ])('%s', async (_, arrange, message) => {
    const { code, stdout, stderr } = await runMain(['--transport', 'http', '--port', '0'], { env: env(arrange()) });
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^heyreach-mcp: HEYREACH_MCP_TOKENS: [^\n]+\n$/);
    expect(stderr).toMatch(message);
    for (const secret of [robot.token, digestOf(robot), digestOf(friend), TEST_KEY])
      expect(stderr).not.toContain(secret);
  });
  function written(...lines: string[]): string {
    file.write(...lines);
    return file.path;
  }

  test('tokens require the key of the server', async () => {
    const only = { HEYREACH_MCP_TOKENS: file.path };
    const { code, stderr } = await runMain(['--transport', 'http', '--port', '0'], { env: only });
    expect(code).toBe(2);
    expect(stderr).toMatch(/^heyreach-mcp: HEYREACH_MCP_TOKENS needs HEYREACH_API_KEY[^\n]+\n$/);
  });
});
