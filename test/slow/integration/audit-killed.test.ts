import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { fingerprintKey } from '../../../src/client/index.ts';
import { connectHttp, connectStdio, type McpPeer } from '../../support/clients/clients.ts';
import { type InboxStub, sending, startInboxStub } from '../../support/heyreach/inbox-stub.ts';
import { startHttpProgram } from '../../support/programs/program.ts';
import { TEST_KEY } from '../../support/runs/keys.ts';
import { useAuditFile } from '../../support/tools/audit.ts';

const file = useAuditFile();
let stub: InboxStub;
const ends: (() => Promise<unknown>)[] = [];
beforeEach(async () => {
  stub = await startInboxStub();
});
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
  await stub.close();
});

const env = () => ({ HEYREACH_BASE_URL: stub.url, HEYREACH_API_KEY: TEST_KEY, HEYREACH_AUDIT_LOG: file.path });
const off = ['--confirm', 'off'];
const errorOf = async (call: ReturnType<McpPeer['callTool']>) =>
  (await call).structuredContent?.error as { kind: string; message: string; outcome: string } | undefined;

describe('after the program was killed while a send was in flight', () => {
  const LOST = 'found an audit entry without an outcome from a previous process';
  const text = 'Unknown end';
  const told = (log: string) => log.split('\n').filter((line) => line.includes(LOST));

  /** @returns the pid of the killed process. */
  async function killInTheMiddle(): Promise<number | undefined> {
    const program = await startHttpProgram({ args: off, env: env() });
    const peer = await connectHttp('v1', program.url);
    const held = stub.holdSend();
    const sent = peer.callTool('send_message', sending(text)).catch(() => 'killed');
    await held.arrived;
    const exit = once(program.process, 'exit');
    program.process.kill('SIGKILL');
    await exit;
    expect(await sent).toBe('killed');
    await peer.close();
    expect(file.phases()).toEqual(['intent']);
    return program.process.pid;
  }
  /** The store keeps the age of the send, so the time may differ by some milliseconds. */
  function expectTold(message: string | undefined, time: string): void {
    const [, at] = /The same text may have been sent to this conversation at (\S+)\./.exec(message ?? '') ?? [];
    expect(Math.abs(Date.parse(at ?? '') - Date.parse(time))).toBeLessThan(1_000);
  }
  async function restart(args: string[]): Promise<McpPeer> {
    const peer = await connectStdio('v1', { args, env: env() });
    ends.push(() => peer.close());
    return peer;
  }

  test('the next process reports the lost send once, marks it once, and does not repeat the text', async () => {
    const pid = await killInTheMiddle();
    const [left] = file.lines();
    expect(left?.pid).toBe(pid);
    const second = await restart(off);
    await second.callTool('list_campaigns');
    expect(file.phases()).toEqual(['intent']);
    const error = await errorOf(second.callTool('send_message', sending(text)));
    expect(error).toMatchObject({ kind: 'repeated', outcome: 'not_sent' });
    expectTold(error?.message, left!.time);
    expect(stub.sent()).toEqual([text]);
    expect(file.phases()).toEqual(['intent', 'lost', 'intent', 'outcome']);
    expect(file.lines()[1]).toMatchObject({ id: left?.id, tool: 'send_message', key: left?.key });
    expect(file.lines()[3]).toMatchObject({ outcome: 'not_sent' });
    await expect.poll(() => told(second.stderr())).toHaveLength(1);
    const [line, ...more] = told(second.stderr());
    expect(more).toEqual([]);
    expect(JSON.parse(line!)).toMatchObject({
      level: 40,
      tool: 'send_message',
      keyFingerprint: left?.key,
      began: left?.time,
    });
    expect(line).not.toContain(text);

    // Other texts are sent, and so is this text with `allowRepeat`.
    expect(await errorOf(second.callTool('send_message', sending('Another text')))).toBeUndefined();
    expect(await errorOf(second.callTool('send_message', { ...sending(text), allowRepeat: true }))).toBeUndefined();
    expect(stub.sent()).toEqual([text, 'Another text', text]);
    expect(told(second.stderr())).toHaveLength(1);
    await second.close();

    const third = await restart(off);
    await third.callTool('set_conversation_seen', { conversationId: 'a', linkedInAccountId: 170001, seen: true });
    expect(told(third.stderr())).toEqual([]);
    expect(file.phases().filter((phase) => phase === 'lost')).toHaveLength(1);
  });

  test('the next process warns of it first in the confirmation of the same text', async () => {
    await killInTheMiddle();
    const [left] = file.lines();
    const second = await restart([]);
    const shown = await second.callTool('send_message', sending(text));
    const { preview, confirmToken } = shown.structuredContent!.confirmation as {
      preview: { text: string };
      confirmToken: string;
    };
    expectTold(preview.text, left!.time);
    expect(preview.text).toMatch(/^Warning: The same text .* That call ended without a clear result/m);
    await expect.poll(() => told(second.stderr())).toHaveLength(1);
    // A preview is not a write: the mark comes with the first write.
    expect(file.phases()).toEqual(['intent']);
    expect(await errorOf(second.callTool('send_message', { ...sending(text), confirmToken }))).toBeUndefined();
    expect(stub.sent()).toEqual([text, text]);
    expect(file.phases()).toEqual(['intent', 'lost', 'intent', 'outcome']);
    expect(told(second.stderr())).toHaveLength(1);
  });
});

describe('after a restart of the program', () => {
  const start = async (args: string[]) => {
    const peer = await connectStdio('v1', { args, env: { ...env(), HEYREACH_TOOL_TIMEOUT_SECONDS: '15' } });
    ends.push(() => peer.close());
    return peer;
  };

  test.each([
    ['a send with an unknown outcome', 502, /^The same text may have been sent to this conversation at /],
    ['a send that the thread does not show yet', 200, /^The same text was accepted for this conversation at /],
  ])('%s still prevents the same text', async (_, status, message) => {
    const text = 'Said before the restart';
    const first = await start(off);
    stub.onSend(() => ({ status }));
    await first.callTool('send_message', sending(text));
    await first.close();
    const second = await start(off);
    expect(await errorOf(second.callTool('send_message', sending(text)))).toMatchObject({
      kind: 'repeated',
      message: expect.stringMatching(message),
    });
    expect(stub.sent()).toEqual([text]);
  });

  test('foreign lines in the audit log prevent no call', async () => {
    const stamp = {
      time: new Date().toISOString(),
      id: 'x',
      pid: 1,
      boot: 'y',
      tool: 'send_message',
      kind: 'outreach',
    };
    const odd = { ...stamp, phase: 'intent', key: fingerprintKey(TEST_KEY), arguments: {}, confirmed: 'off' };
    writeFileSync(file.path, `${JSON.stringify(odd)}\n`);
    const peer = await start(off);
    expect(await errorOf(peer.callTool('send_message', sending('Not hindered')))).toBeUndefined();
  });
});
