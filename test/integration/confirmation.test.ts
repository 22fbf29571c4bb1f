import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../../src/sandbox/index.ts';
import { CLIENTS, connectHttp, connectStdio, type McpPeer, type Person, type ToolResult } from '../kit/clients.ts';
import { TEST_KEY } from '../kit/keys.ts';
import { type HttpProgram, startHttpProgram } from '../kit/program.ts';

const TRANSPORTS = ['stdio', 'http'] as const;
const cells = TRANSPORTS.flatMap((transport) => CLIENTS.map((client) => ({ transport, client })));

interface Offer {
  required: boolean;
  preview: { text: string };
  confirmToken: string;
  expiresAt: string;
}
const offerIn = (result: ToolResult) => result.structuredContent?.confirmation as Offer;

describe.each(cells)('$client over $transport', ({ transport, client }) => {
  let sandbox: Sandbox;
  let program: HttpProgram | undefined;
  const peers: McpPeer[] = [];
  /** A stateless HTTP endpoint has no way back to a client of 2025: it is not asked, whatever it can do. */
  const canBeAsked = transport === 'stdio' || client === 'v2-modern';

  beforeAll(async () => {
    sandbox = await startSandbox();
    if (transport === 'http') program = await startHttpProgram({ env: env() });
  });
  beforeEach(() => sandbox.faults.clear());
  afterAll(async () => {
    for (const peer of peers) await peer.close();
    await program?.stop();
    await sandbox.close();
  });
  const env = () => ({
    HEYREACH_BASE_URL: sandbox.url,
    HEYREACH_API_KEY: TEST_KEY,
    HEYREACH_CONFIRM_TIMEOUT_SECONDS: '1',
  });

  async function connect(person?: Person): Promise<McpPeer> {
    const peer =
      program === undefined
        ? await connectStdio(client, { env: env(), ...(person === undefined ? {} : { person }) })
        : await connectHttp(client, program.url, {}, person);
    peers.push(peer);
    return peer;
  }
  const message = (text: string) => {
    const { accountId, conversationId } = sandbox.workspace.fixtures.unreadReply;
    return { conversationId, linkedInAccountId: accountId, message: text };
  };
  const sends = () => sandbox.requests.filter(({ path }) => path.includes('/inbox/SendMessage')).length;
  const reached = () => sandbox.reached.total;

  test('a client that cannot be asked gets the preview and a token, and nothing is sent until it comes back', async () => {
    const peer = await connect();
    const given = message('Told without being asked');
    const before = reached();
    const first = await peer.callTool('send_message', given);
    expect(first.isError).toBeFalsy();
    expect(JSON.parse(first.content[0]!.text)).toEqual(first.structuredContent);
    const offer = offerIn(first);
    expect(offer).toMatchObject({ required: true, confirmToken: expect.any(String) });
    const life = Date.parse(offer.expiresAt) - Date.now();
    expect(life).toBeGreaterThan(590_000);
    expect(life).toBeLessThanOrEqual(600_000);
    expect(offer.preview.text).toContain('> Told without being asked');
    expect(offer.preview.text).toContain('From: Grace Sender (LinkedIn account 170001)');
    expect(offer.preview.text).toContain('To: Ada Example');
    expect(reached()).toBe(before);
    expect(sends()).toBe(before);

    const second = await peer.callTool('send_message', { ...given, confirmToken: offer.confirmToken });
    expect(second.structuredContent).toMatchObject({ delivery: 'seen_in_thread' });
    expect(reached()).toBe(before + 1);

    const third = await peer.callTool('send_message', { ...given, confirmToken: offer.confirmToken });
    expect(third.structuredContent?.error).toMatchObject({ kind: 'confirmation_used', outcome: 'not_sent' });
    expect(reached()).toBe(before + 1);
  });

  if (canBeAsked) {
    test('an accepting person is shown the preview once, and it is sent once', async () => {
      const questions: string[] = [];
      const peer = await connect(async (question) => {
        questions.push(question);
        return { action: 'accept', content: {} };
      });
      const before = reached();
      const result = await peer.callTool('send_message', message(`Accepted by a person over ${transport}`));
      expect(result.structuredContent).toMatchObject({ delivery: 'seen_in_thread' });
      expect(questions).toHaveLength(1);
      expect(questions[0]).toMatch(/^Send this LinkedIn message to Ada Example\?\nFrom: Grace Sender/);
      expect(questions[0]).toContain(`> Accepted by a person over ${transport}`);
      expect(reached()).toBe(before + 1);
    });

    test.each([
      ['decline', 'declined'],
      ['cancel', 'dismissed'],
    ] as const)('a person who answers %s stops it, which is no error', async (action, reason) => {
      const peer = await connect(async () => ({ action }));
      const before = reached();
      const result = await peer.callTool('send_message', message(`Stopped by ${action}`));
      expect(result.isError).toBeFalsy();
      expect(result.structuredContent).toEqual({
        declined: true,
        reason,
        message: expect.stringMatching(/nothing was done\.$/),
      });
      expect(reached()).toBe(before);
      expect(sends()).toBe(before);
    });

    test('a person who says nothing lets nothing out', async () => {
      let asked = 0;
      const peer = await connect(() => {
        asked += 1;
        return new Promise(() => {});
      });
      const before = reached();
      const result = peer.callTool('send_message', message('Left without a reply'));
      if (client === 'v2-modern') {
        // The question was the answer: the server has nothing under way, and it is the host's to wait.
        result.catch(() => 'closed at the end');
        await expect.poll(() => asked).toBe(1);
      } else {
        const { isError, structuredContent } = (await result) as ToolResult;
        expect(isError).toBeFalsy();
        expect(structuredContent).toMatchObject({ declined: true, reason: 'no_answer' });
      }
      expect(reached()).toBe(before);
      expect(sends()).toBe(before);
    });

    test('what changed while the person decided is not sent', async () => {
      const { conversationId } = sandbox.workspace.fixtures.unreadReply;
      const peer = await connect(async () => {
        const thread = [...sandbox.workspace.conversations.values()].find(({ id }) => id === conversationId)!;
        thread.messages.push({
          ...thread.messages.at(-1)!,
          body: `Wait, one more thing (${client})`,
          sender: 'CORRESPONDENT',
        });
        return { action: 'accept', content: {} };
      });
      const before = reached();
      const result = await peer.callTool('send_message', message(`Overtaken, ${client}`));
      expect(result.isError).toBe(true);
      expect(result.structuredContent?.error).toMatchObject({ kind: 'confirmation_changed', outcome: 'not_sent' });
      const { preview } = offerIn(result);
      expect(preview.text).toContain(`Wait, one more thing (${client})`);
      expect(result.structuredContent?.untrustedFields).toEqual(['confirmation.preview.*']);
      expect(reached()).toBe(before);
      expect(sends()).toBe(before);
    });
  } else {
    test('a client that declares elicitation is served by a token all the same', async () => {
      const peer = await connect(async () => ({ action: 'accept', content: {} }));
      const before = reached();
      const first = await peer.callTool('send_message', message('Not asked after all'));
      expect(offerIn(first).required).toBe(true);
      expect(reached()).toBe(before);
    });
  }

  test('a stop is never asked about', async () => {
    const [campaignId = 0] = sandbox.workspace.fixtures.campaigns.IN_PROGRESS;
    const peer = await connect(() => {
      throw new Error('asked');
    });
    const result = await peer.callTool('pause_campaign', { campaignId });
    expect(result.structuredContent).toMatchObject({ status: 'PAUSED' });
    sandbox.workspace.campaigns.get(campaignId)!.status = 'IN_PROGRESS';
  });
});
