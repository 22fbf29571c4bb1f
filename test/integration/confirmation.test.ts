import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../../src/sandbox/index.ts';
import {
  CLIENTS,
  connectHttp,
  connectStdio,
  type McpPeer,
  type Person,
  type ToolResult,
} from '../support/clients/clients.ts';
import { acceptForm } from '../support/clients/forms.ts';
import { type HttpProgram, startHttpProgram } from '../support/programs/program.ts';
import { inFastTimeByDefault } from '../support/runs/fast-time.ts';
import { TEST_KEY } from '../support/runs/keys.ts';
import { cellsOf } from '../support/runs/run-scope.ts';

interface Offer {
  required: boolean;
  preview: { text: string };
  confirmToken: string;
  expiresAt: string;
}
const offerIn = (result: ToolResult) => result.structuredContent?.confirmation as Offer;

describe.each(cellsOf(CLIENTS))('$client over $transport', ({ transport, client }) => {
  let sandbox: Sandbox;
  let program: HttpProgram | undefined;
  /** A client that declares no elicitation. */
  let silent: McpPeer;
  /** A client that declares elicitation. `person` answers its forms. */
  let asked: McpPeer;
  let person: Person;
  const peers: McpPeer[] = [];
  /** Stateless HTTP has no channel to a client of 2025, so the server cannot ask this client. */
  const canBeAsked = transport === 'stdio' || client === 'v2-modern';

  beforeAll(async () => {
    sandbox = await startSandbox({ clock: 'manual', quirks: { sendDelayMs: 0 } });
    if (transport === 'http') program = await startHttpProgram({ env: env() });
    silent = await connect();
    asked = await connect((question, form) => person(question, form));
  });
  beforeEach(() => {
    sandbox.faults.clear();
    person = () => {
      throw new Error('asked');
    };
  });
  afterAll(async () => {
    for (const peer of peers) await peer.close();
    await program?.stop();
    await sandbox.close();
  });
  const env = () => ({ HEYREACH_BASE_URL: sandbox.url, HEYREACH_API_KEY: TEST_KEY });

  async function connect(own?: Person, further: Record<string, string> = {}): Promise<McpPeer> {
    const peer =
      program === undefined
        ? await connectStdio(client, { env: { ...env(), ...further }, ...(own === undefined ? {} : { person: own }) })
        : await connectHttp(client, program.url, {}, own);
    peers.push(peer);
    return peer;
  }
  const message = (text: string) => {
    const { accountId, conversationId } = sandbox.workspace.fixtures.unreadReply;
    return { conversationId, linkedInAccountId: accountId, message: text };
  };
  const sends = () => sandbox.requests.filter(({ path }) => path.includes('/inbox/SendMessage')).length;
  const reached = () => sandbox.reached.total;

  test('without elicitation, the client gets the preview and a token, and nothing is sent before the token comes back', async () => {
    const peer = silent;
    const args = message('Told without being asked');
    const before = reached();
    const first = await peer.callTool('send_message', args);
    expect(first.isError).toBeFalsy();
    expect(JSON.parse(first.content[0]!.text)).toEqual(first.structuredContent);
    const offer = offerIn(first);
    expect(offer).toMatchObject({ required: true, confirmToken: expect.any(String) });
    const life = Date.parse(offer.expiresAt) - Date.now();
    expect(life).toBeGreaterThan(590_000);
    expect(life).toBeLessThanOrEqual(600_000);
    expect(offer.preview.text).toContain('> Told without being asked');
    expect(offer.preview.text).toContain('From: "Grace Sender" (LinkedIn account 170001)');
    expect(offer.preview.text).toContain('To: "Ada Example"');
    expect(reached()).toBe(before);
    expect(sends()).toBe(before);

    const allowed = { ...args, confirmToken: offer.confirmToken };
    const second = await inFastTimeByDefault(() => peer.callTool('send_message', allowed));
    expect(second.structuredContent).toMatchObject({ delivery: 'seen_in_thread' });
    expect(reached()).toBe(before + 1);

    const third = await peer.callTool('send_message', allowed);
    expect(third.structuredContent?.error).toMatchObject({ kind: 'confirmation_used', outcome: 'not_sent' });
    expect(reached()).toBe(before + 1);
  });

  if (canBeAsked) {
    test('shows the preview once, and sends once after an accept', async () => {
      const questions: string[] = [];
      person = async (question, form) => {
        questions.push(question);
        return acceptForm(form);
      };
      const before = reached();
      const accepted = message(`Accepted by a person over ${transport}`);
      const result = await inFastTimeByDefault(() => asked.callTool('send_message', accepted));
      expect(result.structuredContent).toMatchObject({ delivery: 'seen_in_thread' });
      expect(questions).toHaveLength(1);
      expect(questions[0]).toMatch(/^Send this LinkedIn message to "Ada Example"\?\n\nFrom: "Grace Sender"/);
      expect(questions[0]).toContain(`> Accepted by a person over ${transport}`);
      expect(reached()).toBe(before + 1);
    });

    test.each([
      ['decline', 'declined'],
      ['cancel', 'dismissed'],
    ] as const)('a %s sends nothing, and is not an error', async (action, reason) => {
      person = async () => ({ action });
      const before = reached();
      const result = await asked.callTool('send_message', message(`Stopped by ${action}`));
      expect(result.isError).toBeFalsy();
      expect(result.structuredContent).toEqual({
        declined: true,
        reason,
        message: expect.stringMatching(
          /^The client .*: nothing was done\. A host that runs unattended answers forms by itself/,
        ),
        nextStep: expect.stringContaining('--confirm token'),
      });
      expect(reached()).toBe(before);
      expect(sends()).toBe(before);
    });

    test('sends nothing without an answer', async () => {
      let questions = 0;
      const own: Person = () => {
        questions += 1;
        return new Promise(() => {});
      };
      const peer = await connect(own, { HEYREACH_CONFIRM_TIMEOUT_SECONDS: '1' });
      const before = reached();
      const result = peer.callTool('send_message', message('Left without a reply'));
      if (client === 'v2-modern') {
        // `input_required` ended the request: the server has no call in flight, and the client decides how long to
        // wait.
        result.catch(() => 'closed at the end');
        await expect.poll(() => questions).toBe(1);
      } else {
        const { isError, structuredContent } = await inFastTimeByDefault(() => result);
        expect(isError).toBeFalsy();
        expect(structuredContent).toMatchObject({ declined: true, reason: 'no_answer' });
      }
      expect(reached()).toBe(before);
      expect(sends()).toBe(before);
    });

    test('sends nothing if the thread changed during the decision', async () => {
      const { conversationId } = sandbox.workspace.fixtures.unreadReply;
      person = async (_, form) => {
        const thread = [...sandbox.workspace.conversations.values()].find(({ id }) => id === conversationId)!;
        thread.messages.push({
          ...thread.messages.at(-1)!,
          body: `Wait, one more thing (${client})`,
          sender: 'CORRESPONDENT',
        });
        return acceptForm(form);
      };
      const before = reached();
      const result = await asked.callTool('send_message', message(`Overtaken, ${client}`));
      expect(result.isError).toBe(true);
      expect(result.structuredContent?.error).toMatchObject({ kind: 'confirmation_changed', outcome: 'not_sent' });
      const { preview } = offerIn(result);
      expect(preview.text).toContain(`Wait, one more thing (${client})`);
      expect(result.structuredContent?.untrustedFields).toEqual(['confirmation.preview.*']);
      expect(reached()).toBe(before);
      expect(sends()).toBe(before);
    });
  } else {
    test('a client that declares elicitation still gets a token', async () => {
      const before = reached();
      const first = await asked.callTool('send_message', message('Not asked after all'));
      expect(offerIn(first).required).toBe(true);
      expect(reached()).toBe(before);
    });
  }

  test('never asks about a stop', async () => {
    const [campaignId = 0] = sandbox.workspace.fixtures.campaigns.IN_PROGRESS;
    const result = await asked.callTool('pause_campaign', { campaignId });
    expect(result.structuredContent).toMatchObject({ status: 'PAUSED' });
    sandbox.workspace.campaigns.get(campaignId)!.status = 'IN_PROGRESS';
  });
});
