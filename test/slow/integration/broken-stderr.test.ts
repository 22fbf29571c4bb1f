import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ACCEPT, CHECK, callOf, send } from '../../support/clients/raw-http.ts';
import { type HeyReachStub, startStub } from '../../support/heyreach/heyreach-stub.ts';
import {
  BROKEN,
  type BrokenKind,
  type BrokenProgram,
  listening,
  startBroken,
} from '../../support/programs/broken-stderr.ts';
import { freePort } from '../../support/programs/free-port.ts';
import { TEST_KEY } from '../../support/runs/keys.ts';
import { pause } from '../../support/runs/timing.ts';

const SANDBOX = fileURLToPath(new URL('../../../dist/sandbox.js', import.meta.url));
const INITIALIZE = {
  jsonrpc: '2.0',
  id: 'first',
  method: 'initialize',
  params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'raw', version: '1' } },
};
const INITIALIZED = { jsonrpc: '2.0', method: 'notifications/initialized' };

let stub: HeyReachStub;
let programs: BrokenProgram[] = [];
let releaseCall = () => {};

beforeEach(async () => {
  stub = await startStub();
});

afterEach(async () => {
  releaseCall();
  for (const program of programs) program.release();
  programs = [];
  await stub.close();
});

function start(kind: BrokenKind, args: string[], program?: string): BrokenProgram {
  const env = { HEYREACH_API_KEY: TEST_KEY, HEYREACH_BASE_URL: stub.url };
  const started = startBroken(kind, args, { HEYREACH_LOG_LEVEL: 'debug', ...env }, program);
  programs.push(started);
  return started;
}

/** HeyReach holds the next request. @returns a promise that resolves when the request has arrived. */
function holdNext(): Promise<void> {
  return new Promise((resolve) => {
    const held = new Promise<void>((release) => {
      releaseCall = release;
    });
    stub.answer(async () => {
      resolve();
      await held;
      return {};
    });
  });
}

/** Speaks MCP with the program over its stdin and stdout. */
function speak({ child }: BrokenProgram) {
  const answers = new Map<unknown, { result?: { isError?: boolean }; error?: object }>();
  const lines = createInterface({ input: child.stdout! });
  lines.on('line', (line) => {
    const message = JSON.parse(line);
    answers.set(message.id, message);
  });
  return {
    send: (...messages: object[]) =>
      child.stdin!.write(messages.map((message) => `${JSON.stringify(message)}\n`).join('')),
    async answerTo(id: unknown) {
      while (!answers.has(id)) await once(lines, 'line');
      return answers.get(id)!;
    },
  };
}

const LEAVING = BROKEN.filter((kind) => kind.endsWith('leaves during a call'));

describe.each(BROKEN)('with stderr as %s', (kind) => {
  test.each(['stdin ends', 'SIGTERM'] as const)(
    'stdio answers each call, and the program ends when %s',
    async (end) => {
      const program = start(kind, []);
      const { send: say, answerTo } = speak(program);
      say(INITIALIZE, INITIALIZED, callOf('check_api_key', {}, 'before'));
      expect((await answerTo('before')).result).toBeDefined();

      const arrived = holdNext();
      say(callOf('check_api_key', {}, 'during'));
      await arrived;
      program.leave();
      say(callOf('get_campaign', {}, 'refused'));
      expect((await answerTo('refused')).result?.isError).toBe(true);
      releaseCall();
      expect((await answerTo('during')).result).toBeDefined();
      say(callOf('get_campaign', {}, 'after'));
      expect((await answerTo('after')).result?.isError).toBe(true);

      const arrivedLast = holdNext();
      say(callOf('check_api_key', {}, 'last'));
      await arrivedLast;
      if (end === 'SIGTERM') program.child.kill(end);
      else program.child.stdin!.end();
      releaseCall();
      if (end === 'stdin ends') expect((await answerTo('last')).result).toBeDefined();
      expect(await program.ended).toBe(0);
    },
  );

  test('HTTP answers calls and /healthz, and the program ends with SIGTERM', async () => {
    const port = await freePort();
    const origin = `http://127.0.0.1:${port}`;
    const program = start(kind, ['--transport', 'http', '--port', String(port)]);
    await listening(port);
    const call = () => send(`${origin}/mcp`, { headers: ACCEPT, body: CHECK });
    const healthz = async () => (await fetch(`${origin}/healthz`)).status;
    expect((await call()).status).toBe(200);
    expect(await healthz()).toBe(200);

    const arrived = holdNext();
    const during = call();
    await arrived;
    program.leave();
    expect(await healthz()).toBe(200);
    releaseCall();
    expect((await during).status).toBe(200);
    expect((await call()).status).toBe(200);
    expect(await healthz()).toBe(200);

    const arrivedLast = holdNext();
    const last = call();
    await arrivedLast;
    program.child.kill('SIGTERM');
    releaseCall();
    expect((await last).status).toBe(200);
    expect(await program.ended).toBe(0);
  });

  test('a failed start ends with its usual code', async () => {
    const wrong = start(kind, ['--mode', 'no-such-mode']);
    const wrongSandbox = start(kind, ['--no-such-flag'], SANDBOX);
    wrong.leave();
    wrongSandbox.leave();
    expect(await wrong.ended).toBe(2);
    expect(await wrongSandbox.ended).toBe(2);
  });
});

describe.each(LEAVING)('with stderr as %s', (kind) => {
  test.each(['stdin ends', 'SIGTERM'] as const)('stdio ends when the reader leaves after %s', async (end) => {
    const program = start(kind, []);
    const { send: say, answerTo } = speak(program);
    const arrived = holdNext();
    say(INITIALIZE, INITIALIZED, callOf('check_api_key', {}, 'last'));
    await arrived;
    if (end === 'SIGTERM') program.child.kill(end);
    else program.child.stdin!.end();
    program.leave();
    releaseCall();
    if (end === 'stdin ends') expect((await answerTo('last')).result).toBeDefined();
    expect(await program.ended).toBe(0);
  });

  test('HTTP ends when the reader leaves after SIGTERM', async () => {
    const port = await freePort();
    const program = start(kind, ['--transport', 'http', '--port', String(port)]);
    await listening(port);
    const arrived = holdNext();
    const last = send(`http://127.0.0.1:${port}/mcp`, { headers: ACCEPT, body: CHECK });
    await arrived;
    program.child.kill('SIGTERM');
    program.leave();
    releaseCall();
    expect((await last).status).toBe(200);
    expect(await program.ended).toBe(0);
  });

  test('a port in use ends the start with its usual code', async () => {
    const program = start(kind, ['--transport', 'http', '--port', new URL(stub.url).port]);
    program.leave();
    expect(await program.ended).toBe(1);
  });
});

/**
 * Sends more requests than stdout has room for the answers. @returns a promise that resolves when HeyReach has the last
 * one.
 */
function overfill({ child }: BrokenProgram): Promise<void> {
  const lists = Array.from({ length: 50 }, (_, id) => ({ jsonrpc: '2.0', id, method: 'tools/list' }));
  const messages = [INITIALIZE, INITIALIZED, ...lists, callOf('check_api_key', {}, 'last')];
  const arrived = holdNext();
  child.stdin!.write(messages.map((message) => `${JSON.stringify(message)}\n`).join(''));
  return arrived;
}

// The pipes are full only after thousands of lines and answers.
describe('when stdout and stderr are full', () => {
  test('lines wait until the full pipe is read, and lines beyond the bound are counted', async () => {
    const program = start('a full pipe that is never read', []);
    const { send: say, answerTo } = speak(program);
    say(INITIALIZE, INITIALIZED);
    // Each of these lines is one line of the log: more than the buffer of 1 MiB.
    const lines = 20_000;
    program.child.stdin!.write('no message\n'.repeat(lines));
    say(callOf('get_campaign', {}, 'after'));
    expect((await answerTo('after')).result?.isError).toBe(true);

    let log = '';
    while (!log.includes('log lines were dropped')) {
      log += program.read();
      await pause(5);
    }
    program.child.stdin!.end();
    expect(await program.ended).toBe(0);
    log += program.read();
    const written = log
      .slice(log.indexOf('{'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const dropped = written.filter((line) => 'dropped' in line).reduce((sum, line) => sum + line.dropped, 0);
    const malformed = written.filter(({ msg }) => msg === 'a line of stdin is not a JSON-RPC message').length;
    const others = written.filter((line) => !('dropped' in line)).length - malformed;
    expect(malformed).toBeGreaterThan(1_000);
    expect(dropped + malformed + others).toBeGreaterThanOrEqual(lines);
  });

  test('the last lines before the end arrive', async () => {
    const program = start('a socket whose peer leaves during a call', []);
    let log = '';
    program.child.stderr!.on('data', (chunk) => {
      log += chunk;
    });
    const { send: say } = speak(program);
    const lines = 3_000;
    say(INITIALIZE, INITIALIZED);
    program.child.stdin!.end('no message\n'.repeat(lines));
    await once(program.child, 'close');
    expect(log.split('a line of stdin is not a JSON-RPC message')).toHaveLength(lines + 1);
  });

  test('SIGTERM ends a program whose host reads neither stdout nor stderr', async () => {
    const program = start('a full pipe that is never read', []);
    await overfill(program);
    program.child.kill('SIGTERM');
    releaseCall();
    expect(await program.ended).toBe(0);
  });

  test('a warning of Node does not keep the program alive after stdin has ended', async () => {
    const program = start('a full pipe that is never read', ['--log-level', 'silent']);
    // Node warns about the many waiting answers.
    await overfill(program);
    const { answerTo } = speak(program);
    program.child.stdin!.end();
    releaseCall();
    expect((await answerTo('last')).result).toBeDefined();
    expect(await program.ended).toBe(0);
    expect(program.read()).not.toContain('Warning');
  });

  test('a warning of Node is written if stderr works', async () => {
    const program = start('a socket whose peer leaves during a call', ['--log-level', 'silent']);
    let written = '';
    program.child.stderr!.on('data', (chunk) => {
      written += chunk;
    });
    await overfill(program);
    speak(program);
    program.child.stdin!.end();
    releaseCall();
    await once(program.child, 'close');
    expect(written).toMatch(/^heyreach-mcp: MaxListenersExceededWarning: /);
  });
});
