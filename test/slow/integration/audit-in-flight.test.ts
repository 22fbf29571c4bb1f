import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, renameSync, rmdirSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { connectHttp, connectStdio, type McpPeer } from '../../support/clients/clients.ts';
import type { StubAnswer } from '../../support/heyreach/heyreach-stub.ts';
import { type InboxStub, sending, startInboxStub } from '../../support/heyreach/inbox-stub.ts';
import { recordOutput } from '../../support/programs/output.ts';
import { cleanEnvironment, MAIN, startHttpProgram } from '../../support/programs/program.ts';
import { TEST_KEY } from '../../support/runs/keys.ts';
import { useAuditFile } from '../../support/tools/audit.ts';

const file = useAuditFile();
let stub: InboxStub;
const ends: (() => Promise<unknown> | unknown)[] = [];
beforeEach(async () => {
  stub = await startInboxStub();
});
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
  await stub.close();
});

const env = (further: Record<string, string> = {}) => ({
  HEYREACH_BASE_URL: stub.url,
  HEYREACH_API_KEY: TEST_KEY,
  HEYREACH_AUDIT_LOG: file.path,
  ...further,
});
const off = ['--confirm', 'off'];
const errorOf = async (call: ReturnType<McpPeer['callTool']>) =>
  (await call).structuredContent?.error as { kind: string; message: string; outcome: string } | undefined;

/** Sends as soon as the conversation is free, which is a moment after the end of the previous send was recorded. */
async function sendOnceFree(peer: McpPeer, text: string) {
  for (;;) {
    const error = await errorOf(peer.callTool('send_message', sending(text)));
    if (error?.kind !== 'busy') return error;
  }
}

interface Running {
  peer: McpPeer;
  log(): string;
}
async function overStdio(client: 'v1' | 'v2-modern'): Promise<Running> {
  const peer = await connectStdio(client, { args: off, env: env() });
  ends.push(() => peer.close());
  return { peer, log: () => peer.stderr() };
}
async function overHttp(client: 'v1' | 'v2-modern'): Promise<Running> {
  const program = await startHttpProgram({ args: off, env: env() });
  const peer = await connectHttp(client, program.url);
  ends.push(
    () => program.stop(),
    () => peer.close(),
  );
  return { peer, log: () => program.stderr() };
}

/** Sends, and cancels as soon as the request has arrived. Resolves when the server has noticed. */
async function sendAndLeave({ peer, log }: Running, text: string) {
  const held = stub.holdSend();
  const leaving = new AbortController();
  const sent = peer.callTool('send_message', sending(text), { signal: leaving.signal }).catch(() => 'left');
  await held.arrived;
  leaving.abort('enough');
  expect(await sent).toBe('left');
  await expect.poll(log).toContain('"error":"cancelled"');
  return held;
}
/** The outcome line of the only call. A moment later there is still only one. */
async function onlyOutcome() {
  await expect.poll(() => file.phases()).toEqual(['intent', 'outcome']);
  const [intent, outcome] = file.lines();
  expect(outcome?.id).toBe(intent?.id);
  return outcome!;
}

describe.each([
  ['v1 over stdio', () => overStdio('v1')],
  ['v2-modern over stdio', () => overStdio('v2-modern')],
  ['v2-modern over http', () => overHttp('v2-modern')],
])('a send whose caller cancelled (%s)', (_, start) => {
  const text = 'On its way';

  test('locks its conversation until it has ended, and its outcome is recorded once', async () => {
    const running = await start();
    const { peer } = running;
    const { release } = await sendAndLeave(running, text);
    expect(file.phases()).toEqual(['intent']);
    for (const other of [text, 'Another text']) {
      expect(await errorOf(peer.callTool('send_message', sending(other)))).toMatchObject({
        kind: 'busy',
        outcome: 'not_sent',
      });
    }
    expect(file.phases()).toEqual(['intent']);
    // The caller of another conversation does not wait.
    await peer.callTool('send_message', { ...sending('Elsewhere'), conversationId: 'another' });
    expect(file.phases()).toEqual(['intent', 'intent', 'outcome']);

    const beforeRelease = new Date().toISOString();
    release();
    await expect.poll(() => file.phases()).toEqual(['intent', 'intent', 'outcome', 'outcome']);
    const [intent, , , outcome] = file.lines();
    expect(outcome).toMatchObject({ id: intent?.id, outcome: 'done' });
    expect(outcome).not.toHaveProperty('error');
    expect(outcome?.http).toContain('/inbox/SendMessage cancelled, later 200');
    expect(outcome!.time >= beforeRelease).toBe(true);

    expect(await sendOnceFree(peer, text)).toMatchObject({
      kind: 'repeated',
      message: expect.stringMatching(/was accepted for this conversation at/),
      outcome: 'not_sent',
    });
    expect(await errorOf(peer.callTool('send_message', sending('Another text')))).toBeUndefined();
    expect(stub.sent()).toEqual([text, 'Elsewhere', 'Another text']);
    expect(file.phases().slice(4)).toEqual(['intent', 'outcome', 'intent', 'outcome']);
    expect(file.lines()[5]?.outcome).toBe('not_sent');
  });

  test.each<[string, StubAnswer, RegExp, string | undefined]>([
    ['refused', { status: 404, body: 'No such conversation.' }, /^No such conversation\.$/, undefined],
    ['unknown', { status: 502, body: 'broken' }, /^broken$/, 'repeated'],
  ])('that ends %s is recorded so', async (ended, answer, message, again) => {
    const running = await start();
    const { release } = await sendAndLeave(running, text);
    release(answer);
    expect(await onlyOutcome()).toMatchObject({ outcome: ended, error: expect.stringMatching(message) });
    expect((await sendOnceFree(running.peer, text))?.kind).toBe(again);
    expect(stub.sent()).toHaveLength(again === undefined ? 2 : 1);
  });
});

test('a send that outlasts the deadline is reported as unknown, and recorded when it ends', async () => {
  const peer = await connectStdio('v1', { args: off, env: env({ HEYREACH_TOOL_TIMEOUT_SECONDS: '15' }) });
  ends.push(() => peer.close());
  const { release } = stub.holdSend();
  expect(await errorOf(peer.callTool('send_message', sending('Slow')))).toMatchObject({ outcome: 'unknown' });
  expect(file.phases()).toEqual(['intent']);
  expect(await errorOf(peer.callTool('send_message', sending('Slow')))).toMatchObject({ kind: 'busy' });
  release();
  expect(await onlyOutcome()).toMatchObject({ outcome: 'done' });
  expect(await sendOnceFree(peer, 'Slow')).toMatchObject({ kind: 'repeated' });
  expect(stub.sent()).toEqual(['Slow']);
});

test('a conversation is free again when the outcome of a send could not be recorded', async () => {
  const { peer, log } = await overStdio('v1');
  const { arrived, release } = stub.holdSend();
  const sent = peer.callTool('send_message', sending('Sent, and not written down'));
  await arrived;
  renameSync(file.path, `${file.path}.1`);
  mkdirSync(file.path);
  release();
  expect((await sent).structuredContent).toMatchObject({ delivery: 'accepted' });
  await expect.poll(log).toContain('the outcome of a call could not be audited');
  rmdirSync(file.path);
  expect(await errorOf(peer.callTool('send_message', sending('The next one')))).toBeUndefined();
});

test('another write that must not be repeated is also recorded when it has ended', async () => {
  const running = await overStdio('v1');
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  stub.answer(() => released.then(() => ({ body: { id: 1, name: 'Made by a test' } })));
  const leaving = new AbortController();
  const sent = running.peer.callTool('create_list', { name: 'Made by a test' }, { signal: leaving.signal });
  await expect.poll(() => stub.requests.length).toBe(1);
  leaving.abort('enough');
  await sent.catch(() => 'left');
  await expect.poll(running.log).toContain('"error":"cancelled"');
  expect(file.phases()).toEqual(['intent']);
  release();
  expect(await onlyOutcome()).toMatchObject({ tool: 'create_list', outcome: 'done' });
});

describe('a shutdown while a send is in flight', () => {
  const INITIALIZE = {
    jsonrpc: '2.0',
    id: 1,
    method: 'initialize',
    params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'raw', version: '1' } },
  };
  const call = (text: string) => ({
    jsonrpc: '2.0',
    id: 2,
    method: 'tools/call',
    params: { name: 'send_message', arguments: sending(text) },
  });

  test.each<[string, (child: ChildProcess) => void, RegExp]>([
    // The answer arrives in time, as in a pipe.
    ['after the end of stdin', (child) => child.stdin?.end(), /^/],
    // The server no longer waits for the caller, but still finishes the send.
    ['some time after the end of stdin', (child) => child.stdin?.end(), /"error":"cancelled"/],
    [
      'after the signal',
      (child) => {
        child.kill('SIGTERM');
        child.stdin?.end();
      },
      /^/,
    ],
  ])('%s, the program records the outcome of the send before it ends', async (_, end, until) => {
    const child = spawn(process.execPath, [MAIN, ...off], { env: cleanEnvironment(env()) });
    ends.push(() => child.kill('SIGKILL'));
    let log = '';
    child.stderr.on('data', (chunk) => {
      log += chunk;
      recordOutput(String(chunk));
    });
    const exit = once(child, 'exit');
    const held = stub.holdSend();
    child.stdin.write(`${JSON.stringify(INITIALIZE)}\n${JSON.stringify(call('Seen through'))}\n`);
    await held.arrived;
    end(child);
    await expect.poll(() => log).toMatch(until);
    expect(file.phases()).toEqual(['intent']);
    expect(child.exitCode).toBeNull();
    held.release();
    expect(await exit).toEqual([0, null]);
    const outcome = await onlyOutcome();
    expect(outcome).toMatchObject({ outcome: 'done', pid: child.pid });
    expect(stub.sent()).toEqual(['Seen through']);
  });
});
