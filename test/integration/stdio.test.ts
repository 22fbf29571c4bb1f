import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { startStub } from '../kit/heyreach-stub.ts';
import { TEST_KEY } from '../kit/keys.ts';
import { recordOutput } from '../kit/output.ts';
import { cleanEnvironment, MAIN } from '../kit/program.ts';

const INITIALIZE = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'raw', version: '1' } },
};
const INITIALIZED = { jsonrpc: '2.0', method: 'notifications/initialized' };
const call = (id: number, name: string, args: object = {}) => ({
  jsonrpc: '2.0',
  id,
  method: 'tools/call',
  params: { name, arguments: args },
});

/** The built program over raw pipes, line by line. */
function startRaw(args: string[], env: Record<string, string> = {}, cwd?: string) {
  const child = spawn(process.execPath, [MAIN, ...args], { env: cleanEnvironment(env), ...(cwd ? { cwd } : {}) });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
    recordOutput(String(chunk));
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
    recordOutput(String(chunk));
  });
  return {
    child,
    stdout: () => stdout,
    stderr: () => stderr,
    send: (...messages: object[]) => child.stdin.write(messages.map((one) => `${JSON.stringify(one)}\n`).join('')),
    async answerTo(id: number): Promise<{ result?: Record<string, unknown>; error?: { code: number } }> {
      for (;;) {
        const found = stdout.split('\n').find((line) => line.includes(`"id":${id}`));
        if (found !== undefined && stdout.includes(`${found}\n`)) return JSON.parse(found);
        await once(child.stdout, 'data');
      }
    },
    async end(): Promise<number | null> {
      child.stdin.end();
      if (child.exitCode === null) await once(child, 'exit');
      return child.exitCode;
    },
  };
}

describe('over stdio', () => {
  test('stdout carries nothing but protocol messages, and logs go to stderr', async () => {
    const program = startRaw(['--sandbox', '--log-level', 'debug']);
    program.send(
      INITIALIZE,
      INITIALIZED,
      call(2, 'list_campaigns'),
      call(3, 'get_campaign', {}),
      call(4, 'no_such_tool'),
    );
    expect((await program.answerTo(2)).result?.isError).toBeFalsy();
    expect((await program.answerTo(3)).result?.isError).toBe(true);
    expect((await program.answerTo(4)).error?.code).toBe(-32602);
    await program.end();
    for (const line of program.stdout().trim().split('\n')) expect(JSON.parse(line)).toMatchObject({ jsonrpc: '2.0' });
    for (const line of program.stderr().trim().split('\n')) expect(JSON.parse(line)).toHaveProperty('msg');
  });

  test('a start that is only a probe writes, opens and calls nothing', async () => {
    const stub = await startStub();
    const folder = await mkdtemp(join(tmpdir(), 'heyreach-mcp-probe-'));
    const program = startRaw([], { HEYREACH_API_KEY: TEST_KEY, HEYREACH_BASE_URL: stub.url }, folder);
    program.send(INITIALIZE, INITIALIZED, { jsonrpc: '2.0', id: 2, method: 'tools/list' });
    await program.answerTo(2);
    expect(program.stderr()).toBe('');
    expect(stub.requests).toEqual([]);
    expect(readdirSync(folder)).toEqual([]);
    expect(await program.end()).toBe(0);
    await stub.close();
    await rm(folder, { recursive: true });
  });

  test('ends with stdin, a sandbox and kept-alive connections notwithstanding', async () => {
    const program = startRaw(['--sandbox']);
    program.send(INITIALIZE, INITIALIZED, call(2, 'check_api_key'));
    await program.answerTo(2);
    const began = performance.now();
    expect(await program.end()).toBe(0);
    expect(performance.now() - began).toBeLessThan(3_000);
  });

  test('a message that is on its way is seen through after stdin has ended', async () => {
    const stub = await startStub();
    let release = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    let ended = false;
    stub.answer(async () => {
      await released;
      ended = program.child.exitCode !== null;
      return {};
    });
    const program = startRaw([], { HEYREACH_API_KEY: TEST_KEY, HEYREACH_BASE_URL: stub.url });
    const message = { message: 'Hello', conversationId: '2-abc==', linkedInAccountId: 1 };
    program.send(INITIALIZE, INITIALIZED, call(2, 'send_message', message));
    while (stub.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    const exit = program.end();
    await new Promise((resolve) => setTimeout(resolve, 100));
    release();
    expect(await exit).toBe(0);
    expect(ended).toBe(false);
    expect(stub.requests).toHaveLength(1);
    await stub.close();
  });
});
