import { describe, expect, test, vi } from 'vitest';
import type { McpPeer } from '../../support/clients/clients.ts';
import { ANSWERS } from '../../support/heyreach/fault-injection.ts';
import { CALLS, callTool, startBefore } from '../../support/heyreach/fault-injection-calls.ts';
import { type HeyReachStub, startStub } from '../../support/heyreach/heyreach-stub.ts';
import { sending, startInboxStub } from '../../support/heyreach/inbox-stub.ts';
import { startRawServer } from '../../unit/client/raw-server.ts';

const TEST_MS = 120_000;
const SOON = { timeout: 30_000 };
const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** A program with the usual deadlines and this HeyReach. Both end with the test. */
async function withProgram(heyreach: Pick<HeyReachStub, 'url' | 'close'>, act: (peer: McpPeer) => Promise<void>) {
  const peer = await startBefore(heyreach.url);
  try {
    await act(peer);
  } finally {
    await heyreach.close();
    await peer.close();
  }
}

/** The log lines with this message. */
const logged = (peer: McpPeer, message: string) =>
  peer
    .stderr()
    .split('\n')
    .filter((line) => line.includes(message))
    .map((line) => JSON.parse(line));
/** How long the one failed call took, by the clock of the program. */
const failedAfterMs = async (peer: McpPeer): Promise<number> => {
  await vi.waitFor(() => expect(logged(peer, 'tool failed')).toHaveLength(1), SOON);
  return logged(peer, 'tool failed')[0].ms;
};
const LATE = 'a request ended after its call';

/** The ways in which HeyReach accepts a request and never completes its response. */
const SILENT = ['silence before the headers', 'silence in the body', 'a slow drip'] as const;

/** A HeyReach that is silent in this way. It records how long the client waited for each request. */
async function startWatched(fault: (typeof SILENT)[number]) {
  const server = await startRawServer();
  const lasted: number[] = [];
  server.behave((socket, index) => {
    const arrived = performance.now();
    socket.once('close', () => {
      lasted[index] = performance.now() - arrived;
    });
    ANSWERS[fault](socket, index);
  });
  return { ...server, lasted };
}

describe.concurrent('in real time', () => {
  test.each(SILENT.flatMap((fault) => (['safe', 'idempotent'] as const).map((repeat) => [fault, repeat] as const)))(
    '%s: a %s call is tried for 20 s each time, and answered within 55 s',
    async (fault, repeat) => {
      const server = await startWatched(fault);
      await withProgram(server, async (peer) => {
        const { error, text, ms } = await callTool(peer, CALLS[repeat]);
        expect(ms).toBeGreaterThan(53_500);
        expect(ms).toBeLessThan(60_000);
        expect(await failedAfterMs(peer)).toBeLessThan(55_000);
        expect(error).toMatchObject({ kind: 'timeout', outcome: 'unknown' });
        expect(error?.nextStep).toMatch(/call again|Calling again/);
        expect(text).not.toContain('in flight');
        await vi.waitFor(() => expect(server.open()).toBe(0), SOON);
        expect(server.requests).toHaveLength(3);
        const [first = 0, second = 0, third = 0] = server.lasted;
        for (const lasted of [first, second]) expect(Math.abs(lasted - 20_000)).toBeLessThan(4_000);
        // The rest of the 54 s, minus the start of the program.
        expect(third).toBeGreaterThan(5_000);
        expect(third).toBeLessThan(18_000);
        await vi.waitFor(() => expect(logged(peer, 'tool failed')).toHaveLength(1), SOON);
        expect(logged(peer, 'tool failed')[0].attempts.map((text: string) => text.split(' ')[1])).toEqual([
          'timeout',
          'timeout',
          'deadline',
        ]);
      });
    },
    TEST_MS,
  );

  test.each(SILENT)(
    '%s: a call that must not be retried is sent once, is reported as in flight in time, and continues for up to 90 s',
    async (fault) => {
      const server = await startWatched(fault);
      await withProgram(server, async (peer) => {
        const { error, text, ms } = await callTool(peer, CALLS.never);
        expect(ms).toBeGreaterThan(53_500);
        expect(ms).toBeLessThan(60_000);
        expect(await failedAfterMs(peer)).toBeLessThan(55_000);
        expect(error).toMatchObject({ kind: 'timeout', outcome: 'unknown' });
        expect(error?.nextStep).toContain('list_lists');
        expect(text).toContain('The request is still in flight.');
        // Long enough for a released socket to be closed.
        await pause(5_000);
        expect(server.open()).toBe(1);
        expect(logged(peer, LATE)).toEqual([]);
        await vi.waitFor(() => expect(server.open()).toBe(0), { timeout: 40_000 });
        expect(Math.abs(server.lasted[0]! - 90_000)).toBeLessThan(4_000);
        await vi.waitFor(
          () => expect(logged(peer, LATE)).toMatchObject([{ tool: 'create_list', ended: 'timeout' }]),
          SOON,
        );
        expect(server.requests).toHaveLength(1);
      });
    },
    TEST_MS,
  );

  test(
    'a message that HeyReach answers after 35 s is sent, and nothing more is reported',
    async () => {
      const stub = await startInboxStub();
      stub.onSend(() => pause(35_000).then(() => ({})));
      await withProgram(stub, async (peer) => {
        const { error, data, ms } = await callTool(peer, ['send_message', sending('Takes a while')]);
        expect(error).toBeUndefined();
        expect(data).toMatchObject({ delivery: 'accepted' });
        expect(data).not.toHaveProperty('note');
        expect(ms).toBeGreaterThan(35_000);
        expect(ms).toBeLessThan(40_000);
        expect(stub.sent()).toEqual(['Takes a while']);
        expect(logged(peer, LATE)).toEqual([]);
      });
    },
    TEST_MS,
  );

  test.each([
    [200, { status: 200, body: { id: 1, name: 'Made by a test' } }],
    [400, { status: 400, body: { errorMessage: 'No' } }],
  ])(
    'a call that must not be retried, answered %d after 58 s, is reported as in flight, and the log has its outcome',
    async (status, answered) => {
      const stub = await startStub();
      stub.answer(() => pause(58_000).then(() => answered));
      await withProgram(stub, async (peer) => {
        const { error, text, ms } = await callTool(peer, CALLS.never);
        expect(ms).toBeLessThan(60_000);
        expect(await failedAfterMs(peer)).toBeLessThan(55_000);
        expect(error).toMatchObject({ kind: 'timeout', outcome: 'unknown' });
        expect(text).toContain('The request is still in flight.');
        expect(logged(peer, LATE)).toEqual([]);
        await vi.waitFor(
          () => expect(logged(peer, LATE)).toMatchObject([{ tool: 'create_list', ended: status }]),
          SOON,
        );
        expect(stub.requests).toHaveLength(1);
      });
    },
    TEST_MS,
  );

  test(
    'a message answered after 58 s is reported as in flight, and the log has its outcome',
    async () => {
      const stub = await startInboxStub();
      stub.onSend(() => pause(58_000).then(() => ({})));
      await withProgram(stub, async (peer) => {
        const { error, text, ms } = await callTool(peer, ['send_message', sending('Takes too long')]);
        expect(ms).toBeLessThan(60_000);
        expect(await failedAfterMs(peer)).toBeLessThan(55_000);
        expect(error).toMatchObject({ kind: 'timeout', outcome: 'unknown' });
        expect(error?.nextStep).toMatch(/^Do not send it again on your own\./);
        expect(text).toContain('The request is still in flight.');
        await vi.waitFor(() => expect(logged(peer, LATE)).toMatchObject([{ tool: 'send_message', ended: 200 }]), SOON);
        const again = await callTool(peer, ['send_message', sending('Takes too long')]);
        expect(again.error).toMatchObject({ kind: 'repeated', outcome: 'not_sent' });
        expect(stub.sent()).toEqual(['Takes too long']);
      });
    },
    TEST_MS,
  );
});
