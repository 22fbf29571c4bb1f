import { beforeEach, describe, expect, test } from 'vitest';
import type { ToolResult } from '../../support/clients/clients.ts';
import { type Confirmation, linesOf } from '../../support/clients/elicitation.ts';
import { conversations, to } from '../../support/heyreach/conversations.ts';
import { type Sandboxed, useSandbox } from '../../support/programs/sandbox-harness.ts';

const SEND = '/inbox/SendMessage';
/** In office hours the campaigns of a running sandbox contact people, too. Here only the tests do. */
const STILL = { clock: 'manual', quirks: { sendDelayMs: 0 } } as const;
const errorIn = ({ structuredContent }: ToolResult) =>
  structuredContent?.error as { kind: string; message: string; nextStep: string; outcome: string } & Record<
    string,
    unknown
  >;
const confirmationIn = ({ structuredContent }: ToolResult) => structuredContent?.confirmation as Confirmation;

const sends = ({ sandbox }: Sandboxed) => sandbox.requests.filter(({ path }) => path.includes(SEND)).length;

/** Expects the server to reject a call: no person is contacted, and HeyReach gets no request to send. */
async function expectHeldBack(at: Sandboxed, call: () => Promise<ToolResult>, kind: string) {
  const before = [at.sandbox.reached.total, sends(at)];
  const result = await call();
  expect(result.isError).toBe(true);
  expect(errorIn(result)).toMatchObject({ kind, outcome: 'not_sent' });
  expect([at.sandbox.reached.total, sends(at)]).toEqual(before);
  return errorIn(result);
}

describe('the caps of an hour', () => {
  const at = useSandbox(STILL, 'v1', [], {
    HEYREACH_MAX_SENDS_PER_HOUR: '3',
    HEYREACH_MAX_SENDS_PER_SENDER_PER_HOUR: '2',
  });

  test('apply to a sender and to all senders together, and the error says when the next send is possible', async () => {
    const grace = conversations(at, (id) => id === 170_001);
    const others = conversations(at, (id) => id === 170_138);
    const send = (conversation: { id: string; accountId: number }, text: string) =>
      at.peer.callTool('send_message', to(conversation, text));
    // A message that HeyReach rejects is not sent, and does not count.
    at.sandbox.faults.add({ match: { path: SEND }, kind: 'status', status: 400, body: '{"errorMessage":"No."}' });
    expect(errorIn(await send(grace[0]!, 'Refused')).outcome).toBe('refused');

    expect((await send(grace[0]!, 'One')).isError).toBeFalsy();
    expect((await send(grace[1]!, 'Two')).isError).toBeFalsy();
    const held = await expectHeldBack(at, () => send(grace[2]!, 'Three'), 'too_many_sends');
    const when = Date.parse(/at (\S+Z)/.exec(held.message)![1]!) - Date.now();
    expect(when).toBeGreaterThan(3_500_000);
    expect(when).toBeLessThanOrEqual(3_600_000);
    expect(held.retryAfterSeconds).toBeGreaterThan(3_500);

    expect((await send(others[0]!, 'Three')).isError).toBeFalsy();
    await expectHeldBack(at, () => send(others[1]!, 'Four'), 'too_many_sends');
    expect(at.sandbox.reached.messages).toHaveLength(3);
  });
});

describe('a cap of 0', () => {
  const at = useSandbox(STILL, 'v1', ['--confirm', 'ask'], { HEYREACH_MAX_SENDS_PER_HOUR: '0' });

  test('rejects a send before any confirmation', async () => {
    const held = await expectHeldBack(
      at,
      () => at.peer.callTool('send_message', to(conversations(at)[0]!, 'Never')),
      'too_many_sends',
    );
    expect(held.message).toBe('This server is configured to send no messages');
    expect(held).not.toHaveProperty('retryAfterSeconds');
  });
});

describe.each([{ confirm: 'ask' }, { confirm: 'off' }])(
  'a send with an unclear outcome, with --confirm $confirm',
  ({ confirm }) => {
    const at = useSandbox(STILL, 'v1', ['--confirm', confirm], { HEYREACH_TOOL_TIMEOUT_SECONDS: '8' });
    beforeEach(() => at.sandbox.faults.clear());
    let next = 0;
    const fresh = () => conversations(at)[next++]!;

    /** Sends, and confirms if necessary. */
    async function send(args: object): Promise<ToolResult> {
      const first = await at.peer.callTool('send_message', args);
      const asked = confirmationIn(first);
      return asked === undefined || first.isError
        ? first
        : at.peer.callTool('send_message', { ...args, confirmToken: asked.confirmToken });
    }

    test.each([
      ['a 500', { kind: 'status', status: 500, apply: true }],
      ['a reset', { kind: 'resetAfter' }],
      ['an incomplete response', { kind: 'status', status: 502, apply: true }],
    ] as const)('is found in the thread after %s, and is reported as a success with a note', async (_, fault) => {
      const before = at.sandbox.reached.total;
      at.sandbox.faults.add({ match: { path: SEND }, ...fault });
      const result = await send(to(fresh(), 'It went through'));
      expect(result.isError).toBeFalsy();
      expect(result.structuredContent).toMatchObject({
        delivery: 'seen_in_thread',
        note: expect.stringMatching(/^HeyReach gave no clear response .* the thread shows the message\.$/),
      });
      expect(at.sandbox.reached.total).toBe(before + 1);
    });

    test('is a success if HeyReach answers late, but in time', async () => {
      const before = at.sandbox.reached.total;
      at.sandbox.faults.add({ match: { path: SEND }, kind: 'delay', ms: 1_600 });
      const result = await send(to(fresh(), 'It took a while'));
      expect(result.isError).toBeFalsy();
      expect(result.structuredContent?.delivery).toMatch(/^(accepted|seen_in_thread)$/);
      expect(at.sandbox.reached.total).toBe(before + 1);
    });

    test('is verified in steps, also after a late and unclear response', async () => {
      const conversation = fresh();
      const reads = () => at.sandbox.requests.filter(({ path }) => path.includes('/inbox/GetChatroom')).length;
      // Two rules for one request: it is delayed, and then fails.
      at.sandbox.faults.add({ match: { path: SEND }, kind: 'delay', ms: 1_500 });
      at.sandbox.faults.add({ match: { path: SEND }, kind: 'status', status: 502 });
      const before = reads();
      const result = await send(to(conversation, 'A late nothing'));
      expect(errorIn(result)).toMatchObject({ status: 502, outcome: 'unknown' });
      expect(result.content[0]?.text).not.toContain('still in flight');
      expect(reads() - before).toBeLessThan(10);
    });

    test('stays unknown if the thread does not show it, is not repeated, and blocks the same text', async () => {
      const conversation = fresh();
      const args = to(conversation, 'Did this arrive?');
      const before = sends(at);
      at.sandbox.faults.add({ match: { path: SEND }, kind: 'status', status: 503 });
      const result = await send(args);
      expect(result.isError).toBe(true);
      expect(errorIn(result)).toMatchObject({ status: 503, outcome: 'unknown' });
      expect(sends(at)).toBe(before + 1);

      if (confirm === 'off') {
        const held = await expectHeldBack(at, () => at.peer.callTool('send_message', args), 'repeated');
        expect(held.message).toMatch(/^The same text may have been sent to this conversation at \d{4}-/);
      } else {
        const again = await at.peer.callTool('send_message', args);
        expect(linesOf(confirmationIn(again)).at(-1)).toMatch(
          /^Warning: The same text may have been sent to this conversation at .* without a clear result/,
        );
      }
      // Other spaces do not make another text. A different text is sent.
      const spaced = await at.peer.callTool('send_message', to(conversation, '  Did this\n arrive? '));
      expect(JSON.stringify(spaced.structuredContent)).toMatch(/may have been sent/);
      expect((await send(to(conversation, 'Something else'))).isError).toBeFalsy();
      expect((await send({ ...args, allowRepeat: true })).isError).toBeFalsy();
      expect(sends(at)).toBe(before + 3);
    });
  },
);

describe('a token from before a send with an unclear outcome', () => {
  const at = useSandbox(STILL, 'v1', ['--confirm', 'ask'], { HEYREACH_TOOL_TIMEOUT_SECONDS: '8' });

  test('does not send the same text without a new preview', async () => {
    const args = to(conversations(at)[0]!, 'Twice confirmed, once in doubt');
    const [shown, shownAgain] = [
      await at.peer.callTool('send_message', args),
      await at.peer.callTool('send_message', args),
    ];
    at.sandbox.faults.add({ match: { path: SEND }, kind: 'status', status: 503 });
    const first = await at.peer.callTool('send_message', { ...args, confirmToken: confirmationIn(shown).confirmToken });
    expect(errorIn(first).outcome).toBe('unknown');
    await expectHeldBack(
      at,
      () => at.peer.callTool('send_message', { ...args, confirmToken: confirmationIn(shownAgain).confirmToken }),
      'confirmation_changed',
    );
  });
});

describe('a message that waits for its turn', () => {
  const at = useSandbox(STILL, 'v1', ['--confirm', 'ask']);

  test('is not sent if the person writes in the meantime', async () => {
    const [conversation] = conversations(at);
    const args = to(conversation!, 'Overtaken in the queue');
    const shown = confirmationIn(await at.peer.callTool('send_message', args));
    at.sandbox.faults.add({ match: { path: SEND }, kind: 'rateLimit', retryAfter: '2' });
    const before = at.sandbox.reached.total;
    const sending = at.peer.callTool('send_message', { ...args, confirmToken: shown.confirmToken });
    await expect.poll(() => sends(at)).toBe(1);
    conversation!.messages.push({
      ...conversation!.messages.at(-1)!,
      sender: 'CORRESPONDENT',
      body: 'Please do not write to me again.',
    });
    const result = await sending;
    expect(errorIn(result)).toMatchObject({ kind: 'changed', outcome: 'not_sent' });
    expect([at.sandbox.reached.total, sends(at)]).toEqual([before, 1]);
  });

  test('is sent if nothing has changed', async () => {
    const [, conversation] = conversations(at);
    const args = to(conversation!, 'Patiently waiting');
    const shown = confirmationIn(await at.peer.callTool('send_message', args));
    at.sandbox.faults.add({ match: { path: SEND }, kind: 'rateLimit', retryAfter: '2' });
    const result = await at.peer.callTool('send_message', { ...args, confirmToken: shown.confirmToken });
    expect(result.isError).toBeFalsy();
  });
});

describe('one send at a time', () => {
  const at = useSandbox(STILL);
  beforeEach(() => at.sandbox.faults.clear());

  test('a second send to a conversation is rejected while the first is in flight, and sends to others are not', async () => {
    const [conversation, other] = conversations(at);
    at.sandbox.faults.add({ match: { path: SEND }, kind: 'delay', ms: 5_000 });
    const first = at.peer.callTool('send_message', to(conversation!, 'First'));
    await expect.poll(() => sends(at)).toBe(1);
    const second = await at.peer.callTool('send_message', to(conversation!, 'Second'));
    expect(errorIn(second)).toMatchObject({ kind: 'busy', outcome: 'not_sent' });
    expect((await at.peer.callTool('send_message', to(other!, 'Elsewhere'))).isError).toBeFalsy();
    expect((await first).isError).toBeFalsy();
    expect((await at.peer.callTool('send_message', to(conversation!, 'Second'))).isError).toBeFalsy();
    expect(at.sandbox.reached.messages.map(({ text }) => text).sort()).toEqual(['Elsewhere', 'First', 'Second']);
  });
});

describe('an accepted message that the thread does not show yet', () => {
  const at = useSandbox({ clock: 'manual', quirks: { sendDelayMs: 3_600_000 } }, 'v1', ['--confirm', 'ask']);

  test('is named before another send, and invalidates an earlier confirmation', async () => {
    const [conversation] = conversations(at);
    const [first, second] = [to(conversation!, 'The first of two'), to(conversation!, 'The second of two')];
    const shown = confirmationIn(await at.peer.callTool('send_message', first));
    const old = confirmationIn(await at.peer.callTool('send_message', second));
    const sent = await at.peer.callTool('send_message', { ...first, confirmToken: shown.confirmToken });
    expect(sent.structuredContent).toMatchObject({ delivery: 'accepted' });
    await expectHeldBack(
      at,
      () => at.peer.callTool('send_message', { ...second, confirmToken: old.confirmToken }),
      'confirmation_changed',
    );
    const now = confirmationIn(await at.peer.callTool('send_message', second));
    expect(now.preview.warnings?.at(-1)).toMatch(
      /^Another of our messages was sent to this conversation at .*, but the thread does not show it yet: "The first of two"$/,
    );
  });
});
