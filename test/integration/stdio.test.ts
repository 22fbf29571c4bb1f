import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { startStub } from '../support/heyreach/heyreach-stub.ts';
import { recordOutput } from '../support/programs/output.ts';
import { cleanEnvironment, MAIN, startProgram } from '../support/programs/program.ts';
import { TEST_KEY } from '../support/runs/keys.ts';
import { onlyInFullRun } from '../support/runs/run-scope.ts';

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

interface Start {
  args?: string[];
  env?: Record<string, string>;
  /** Starts the built program in this folder. */
  folder?: string;
}

/** The program over raw pipes, line by line. */
async function startRaw({ args = [], env = {}, folder }: Start) {
  const child =
    folder === undefined
      ? await startProgram({ args, env })
      : spawn(process.execPath, [MAIN, ...args], { env: cleanEnvironment(env), cwd: folder });
  let stdout = '';
  let stderr = '';
  child.stdout!.on('data', (chunk) => {
    stdout += chunk;
    recordOutput(String(chunk));
  });
  child.stderr!.on('data', (chunk) => {
    stderr += chunk;
    recordOutput(String(chunk));
  });
  return {
    child,
    stdout: () => stdout,
    stderr: () => stderr,
    send: (...messages: object[]) =>
      child.stdin!.write(messages.map((message) => `${JSON.stringify(message)}\n`).join('')),
    async answerTo(id: number): Promise<{ result?: Record<string, unknown>; error?: { code: number } }> {
      for (;;) {
        const reply = stdout.split('\n').find((line) => line.includes(`"id":${id}`));
        if (reply !== undefined && stdout.includes(`${reply}\n`)) return JSON.parse(reply);
        await once(child.stdout!, 'data');
      }
    },
    async end(): Promise<number | null> {
      child.stdin!.end();
      if (child.exitCode === null) await once(child, 'exit');
      return child.exitCode;
    },
  };
}

describe('over stdio', () => {
  test('stdout contains only protocol messages, and logs go to stderr', async () => {
    const program = await startRaw({ args: ['--sandbox', '--log-level', 'debug'], folder: tmpdir() });
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

  test('a start without a tool call writes, opens and requests nothing', async () => {
    const stub = await startStub();
    const folder = await mkdtemp(join(tmpdir(), 'heyreach-mcp-probe-'));
    const program = await startRaw({ env: { HEYREACH_API_KEY: TEST_KEY, HEYREACH_BASE_URL: stub.url }, folder });
    program.send(INITIALIZE, INITIALIZED, { jsonrpc: '2.0', id: 2, method: 'tools/list' });
    await program.answerTo(2);
    expect(program.stderr()).toBe('');
    expect(stub.requests).toEqual([]);
    expect(readdirSync(folder)).toEqual([]);
    expect(await program.end()).toBe(0);
    await stub.close();
    await rm(folder, { recursive: true });
  });

  // By default the piped messages below cover this.
  test.each(onlyInFullRun(['a sandbox and kept-alive connections']))('ends with stdin despite %s', async () => {
    const program = await startRaw({ args: ['--sandbox'], folder: tmpdir() });
    program.send(INITIALIZE, INITIALIZED, call(2, 'check_api_key'));
    await program.answerTo(2);
    expect(await program.end()).toBe(0);
  });

  test.each(['SIGTERM' as const, ...onlyInFullRun(['SIGHUP' as const, 'SIGINT' as const])])(
    'ends with %s although its host keeps stdin open',
    async (signal) => {
      const program = await startRaw({ args: ['--sandbox'], folder: tmpdir() });
      program.send(INITIALIZE, INITIALIZED, call(2, 'check_api_key'));
      await program.answerTo(2);
      const exit = once(program.child, 'exit');
      program.child.kill(signal);
      expect((await exit)[0]).toBe(0);
    },
  );

  test('a message in flight is finished after stdin has ended', async () => {
    const stub = await startStub();
    let release = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    let ended = false;
    const sends = () => stub.requests.filter(({ path }) => path.includes('SendMessage')).length;
    stub.answer(async ({ method }) => {
      if (method === 'GET') return { body: { messages: [] } };
      await released;
      ended = program.child.exitCode !== null;
      return {};
    });
    const program = await startRaw({
      args: ['--confirm', 'off'],
      env: { HEYREACH_API_KEY: TEST_KEY, HEYREACH_BASE_URL: stub.url },
      folder: tmpdir(),
    });
    const message = { message: 'Hello', conversationId: '2-abc==', linkedInAccountId: 1 };
    program.send(INITIALIZE, INITIALIZED, call(2, 'send_message', message));
    await expect.poll(sends).toBe(1);
    const exit = program.end();
    await new Promise((resolve) => setTimeout(resolve, 100));
    release();
    expect(await exit).toBe(0);
    expect(ended).toBe(false);
    expect(sends()).toBe(1);
    await stub.close();
  });

  test('piped messages get their answers, although stdin ends right after them', async () => {
    const messages = [INITIALIZE, INITIALIZED, call(2, 'list_campaigns', { limit: 1 }), call(3, 'check_api_key')];
    const program = await startRaw({ args: ['--sandbox', '--log-level', 'silent'], folder: tmpdir() });
    program.send(...messages);
    expect(await program.end()).toBe(0);
    const lines = program.stdout().trim().split('\n');
    expect(lines.map((line) => JSON.parse(line).id).sort()).toEqual([1, 2, 3]);
    expect(program.stderr()).toBe('');
  });

  test('the log has the outcome of a message whose caller cancelled', async () => {
    const stub = await startStub();
    const program = await startRaw({
      args: ['--confirm', 'off'],
      env: { HEYREACH_API_KEY: TEST_KEY, HEYREACH_BASE_URL: stub.url },
    });
    const cancel = { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 2 } };
    stub.answer(async ({ method }) => {
      if (method === 'GET') return { body: { messages: [] } };
      program.send(cancel, call(3, 'no_such_tool'));
      // The answer to the later call shows that the server has read the cancellation.
      await program.answerTo(3);
      return { status: 200 };
    });
    const message = { message: 'Hello', conversationId: '2-abc==', linkedInAccountId: 1 };
    program.send(INITIALIZE, INITIALIZED, call(2, 'send_message', message));
    await expect.poll(() => program.stderr()).toContain('a request ended after its call');
    const line = program
      .stderr()
      .split('\n')
      .find((text) => text.includes('a request ended after its call'))!;
    expect(JSON.parse(line)).toMatchObject({ tool: 'send_message', ended: 200 });
    expect(stub.requests.filter(({ path }) => path.includes('SendMessage'))).toHaveLength(1);
    await program.end();
    await stub.close();
  });
});
