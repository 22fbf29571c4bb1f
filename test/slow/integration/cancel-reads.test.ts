import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  type Arrival,
  cancelMessage,
  endedCalls,
  type Host,
  type HostOptions,
  startLines,
  startUpstream,
  type Upstream,
  WAYS,
} from '../../support/clients/cancellation.ts';
import { acceptForm, type Form } from '../../support/clients/forms.ts';
import { expectAtOnce, isPendingAfter, now, pause, ROUNDS } from '../../support/runs/timing.ts';

/** Less than an attempt at HeyReach may take. */
const CLOSE_ENOUGH_MS = 15_000;
/** Long enough for another request to arrive, if the program still sent one. */
const LATER_MS = 150;

let upstream: Upstream;
let host: Host;
beforeEach(async () => {
  upstream = await startUpstream();
});
afterEach(async () => {
  await host?.stop();
  await upstream.close();
});

/** Answers the listed routes, and resolves with the first request of another route. */
function hangBeyond(answers: Record<string, (arrival: Arrival) => void>): Promise<Arrival> {
  return new Promise((resolve) => {
    upstream.react((arrival) => (answers[arrival.route] ?? resolve)(arrival));
  });
}

/**
 * Cancels a call in the middle of each round. @returns the times between the cancellation and the close of the socket.
 */
async function cancelInside(tool: string, args: object, hang: () => Promise<Arrival>): Promise<number[]> {
  const took: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const hanging = hang();
    const call = host.call(tool, args);
    const { closed } = await hanging;
    const arrived = upstream.arrivals.length;
    const began = now();
    call.cancel();
    took.push((await closed) - began);
    await expect.poll(() => endedCalls(host)).toHaveLength(round + 1);
    await pause(LATER_MS);
    expect(upstream.arrivals).toHaveLength(arrived);
  }
  return took;
}

const WEBHOOK = {
  webhookName: 'CRM',
  webhookUrl: 'https://hooks.example.com/heyreach',
  eventType: 'MESSAGE_REPLY_RECEIVED',
};
const webhookPage = (from: number) => ({
  totalCount: 300,
  items: Array.from({ length: 100 }, (_, index) => ({
    id: from + index,
    webhookName: 'Other',
    webhookUrl: 'https://other.example.com/',
    eventType: 'CONNECTION_REQUEST_SENT',
    campaignIds: [],
    isActive: true,
  })),
});

describe.each(WAYS.filter(({ name }) => / by /.test(name)))('a call cancelled over $name', ({ start }) => {
  const begin = async (options: Partial<HostOptions> = {}) => {
    host = await start({ upstream: upstream.url, ...options });
  };

  test('reads no further page of the listing for a preview', async () => {
    await begin({ args: ['--confirm', 'ask'] });
    const second = () => {
      let pages = 0;
      return new Promise<Arrival>((resolve) => {
        upstream.react((arrival) => {
          pages += 1;
          if (pages === 1) arrival.reply(200, webhookPage(1));
          else resolve(arrival);
        });
      });
    };
    expectAtOnce(await cancelInside('create_webhook', WEBHOOK, second));
    expect(new Set(upstream.arrivals.map(({ route }) => route))).toEqual(new Set(['POST /webhooks/GetAllWebhooks']));
  });

  test('aborts all parallel reads of a preview', async () => {
    await begin({ args: ['--confirm', 'ask'] });
    const campaign = { id: 600001, name: 'Q3', status: 'DRAFT', campaignAccountIds: [170001], linkedInUserListId: 7 };
    const hang = () => {
      const hanging: Arrival[] = [];
      return new Promise<Arrival>((resolve) => {
        upstream.react((arrival) => {
          if (arrival.route === 'GET /campaign/GetById') return arrival.reply(200, campaign);
          hanging.push(arrival);
          // Its sender, its list, the people on it, its sequence.
          if (hanging.length < 4) return;
          resolve({
            ...arrival,
            closed: Promise.all(hanging.map(({ closed }) => closed)).then((all) => Math.max(...all)),
          });
        });
      });
    };
    expectAtOnce(await cancelInside('start_campaign', { campaignId: 600001 }, hang));
    expect(upstream.arrivals).toHaveLength(5 * ROUNDS);
  });

  test('aborts the read after a change', async () => {
    await begin();
    const hang = () => hangBeyond({ 'POST /campaign/Pause': (arrival) => arrival.reply(200) });
    expectAtOnce(await cancelInside('pause_campaign', { campaignId: 600001 }, hang));
  });

  test('aborts the verification read', async () => {
    await begin();
    const hang = () => {
      let attempts = 0;
      // An attempt without an answer, and a rejected attempt.
      return hangBeyond({
        'POST /inbox/SetSeenStatus': (arrival) => {
          attempts += 1;
          arrival.reply(attempts === 1 ? 500 : 400);
        },
      });
    };
    const seen = { conversationId: '2-abc==', linkedInAccountId: 170001, seen: true };
    expectAtOnce(await cancelInside('set_conversation_seen', seen, hang));
  });

  test('does not abort a request that must not be repeated', async () => {
    await begin();
    const arrived = upstream.next();
    const call = host.call('resume_campaign', { campaignId: 600001 });
    const { closed, reply } = await arrived;
    call.cancel();
    // A call after the cancellation.
    const after = upstream.next();
    host.call('check_api_key');
    expect(await isPendingAfter(closed, after)).toBe(true);
    (await after).reply(200);
    reply(200);
    await expect.poll(() => host.stderr()).toContain('a request ended after its call');
    await expect.poll(() => endedCalls(host)).toHaveLength(2);
    await pause(LATER_MS);
    expect(upstream.arrivals).toHaveLength(2);
  });
});

describe('a call that is cancelled while a person is asked', () => {
  const listed = () =>
    hangBeyond({
      'POST /webhooks/GetAllWebhooks': (arrival) => arrival.reply(200, { totalCount: 0, items: [] }),
    });

  test('ends at once, withdraws its question, and ignores a late yes', async () => {
    const options = { upstream: upstream.url, args: ['--confirm', 'ask'] };
    const lines = await startLines('2025', options, { elicitation: {} });
    host = lines;
    void listed();
    const took: number[] = [];
    for (let round = 1; round <= ROUNDS; round += 1) {
      const call = lines.call('create_webhook', WEBHOOK);
      const asked = () => messages(lines).filter(({ method }) => method === 'elicitation/create');
      await expect.poll(asked).toHaveLength(round);
      const began = now();
      call.cancel();
      await expect.poll(() => endedCalls(host), { interval: 5 }).toHaveLength(round);
      if (round > 1) took.push(endedCalls(host).at(-1)!.time - began);
      const question = asked().at(-1)!;
      const takenBack = messages(lines).filter(({ method }) => method === 'notifications/cancelled');
      expect(takenBack.map(({ params }) => params?.requestId)).toContain(question.id);
      lines.send({ jsonrpc: '2.0', id: question.id, result: acceptForm(question.params!.requestedSchema!) });
    }
    await pause(LATER_MS);
    expectAtOnce(took);
    expect(upstream.arrivals.map(({ route }) => route)).toEqual(Array(ROUNDS).fill('POST /webhooks/GetAllWebhooks'));
    // A cancelled request gets no response: the only response is that to `initialize`.
    expect(messages(lines).filter(({ method }) => method === undefined)).toHaveLength(1);
  });

  test.each(WAYS.filter(({ name }) => /^stdio, (v1|v2-legacy)/.test(name)))(
    'ends at once ($name), and nothing is done',
    async ({ start }) => {
      let asked = 0;
      const person = () => {
        asked += 1;
        return new Promise<never>(() => {});
      };
      host = await start({ upstream: upstream.url, args: ['--confirm', 'ask'], person });
      void listed();
      for (let round = 1; round <= 2; round += 1) {
        const call = host.call('create_webhook', WEBHOOK);
        await expect.poll(() => asked).toBe(round);
        call.cancel();
        await expect.poll(() => endedCalls(host), { timeout: 15_000 }).toHaveLength(round);
      }
      await pause(LATER_MS);
      expect(upstream.arrivals).toHaveLength(2);
    },
  );
});

test.each([
  ['without an envelope', undefined],
  ['with an id that is a text', 'text'],
])('a cancellation of 2026-07-28 %s cancels exactly its call', async (_, kind) => {
  const lines = await startLines('2026', { upstream: upstream.url });
  host = lines;
  const arrived = upstream.next();
  const { id } = lines.call('check_api_key', {}, false);
  const { closed } = await arrived;
  if (kind === 'text') {
    // The text is another id than the number.
    lines.send(cancelMessage(String(id)));
    const after = upstream.next();
    lines.call('check_api_key');
    expect(await isPendingAfter(closed, after)).toBe(true);
    (await after).reply(200);
  }
  const began = now();
  lines.send(cancelMessage(id));
  expect((await closed) - began).toBeLessThan(CLOSE_ENOUGH_MS);
});

interface Message {
  id?: number;
  method?: string;
  params?: { requestId?: number; requestedSchema?: Form };
}

function messages({ stdout }: { stdout(): string }): Message[] {
  return stdout()
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line));
}
