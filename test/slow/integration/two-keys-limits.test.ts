import { type ClientRequest, request as httpRequest } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { fingerprintKey } from '../../../src/client/index.ts';
import { cancelMessage } from '../../support/clients/cancellation.ts';
import { ACCEPT, callOf, type Reply, send } from '../../support/clients/raw-http.ts';
import { ERAS, type Era, errorIn, speaker } from '../../support/clients/stdio-lines.ts';
import {
  type HeyReachStub,
  type RecordedRequest,
  type StubAnswer,
  startStub,
} from '../../support/heyreach/heyreach-stub.ts';
import { recordOutput } from '../../support/programs/output.ts';
import { type HttpProgram, startHttpProgram } from '../../support/programs/program.ts';
import { OTHER_TEST_KEY, TEST_KEY } from '../../support/runs/keys.ts';

/** One server for two customers: the load and the failures of one leave room for the other. */
let stub: HeyReachStub;
let program: HttpProgram;
let metricsUrl: string;
beforeEach(async () => {
  stub = await startStub();
});
afterEach(async () => {
  const numbers = await (await fetch(metricsUrl)).text();
  recordOutput(numbers);
  expect(numbers).toContain('heyreach_mcp_tool_calls_total');
  for (const key of [TEST_KEY, OTHER_TEST_KEY]) {
    expect(program.stderr()).not.toContain(key);
    expect(numbers).not.toContain(key);
    expect(numbers).not.toContain(fingerprintKey(key));
  }
  // Answers all requests that are still in flight.
  stub.answer(() => ({}));
  await stub.close();
  await program.stop();
});

async function start(args: string[] = [], env: Record<string, string> = {}): Promise<void> {
  const common = ['--confirm', 'off', '--metrics-port', '0', '--log-level', 'debug'];
  program = await startHttpProgram({ args: [...common, ...args], env: { HEYREACH_BASE_URL: stub.url, ...env } });
  await expect.poll(() => program.stderr(), SOON).toMatch(/metrics at \S+\n/);
  metricsUrl = /metrics at (\S+)/.exec(program.stderr())![1]!;
}
const SOON = { timeout: 30_000 };
const keyOf = ({ headers }: RecordedRequest) => headers['x-api-key'];
const reached = (key: string) => stub.requests.filter((request) => keyOf(request) === key).length;
const CAMPAIGN: StubAnswer = { body: { id: 1, name: 'Made up', status: 'DRAFT' } };
/** Answers the requests of the first key with `answer`, and all others normally. */
const toFirst = (answer: (request: RecordedRequest) => StubAnswer | Promise<StubAnswer>) =>
  stub.answer((request) => (keyOf(request) === TEST_KEY ? answer(request) : CAMPAIGN));
const never = () => new Promise<StubAnswer>(() => {});
const read = (key: string, era: Era = '2025', campaignId = 1) =>
  speaker(program.url, era, { 'x-api-key': key }).call('get_campaign', { campaignId });

describe.each(ERAS)('the limits of one key do not affect the other (%s)', (era) => {
  test('the requests of a minute', async () => {
    await start(['--rate-limit', '5'], { HEYREACH_TOOL_TIMEOUT_SECONDS: '30' });
    stub.answer(() => CAMPAIGN);
    const used = await Promise.all(Array.from({ length: 8 }, () => read(TEST_KEY, era)));
    const refused = used.map(errorIn).filter((error) => error !== undefined);
    expect(refused).toHaveLength(3);
    for (const error of refused) expect(error).toMatchObject({ kind: 'rate_limited', outcome: 'not_sent' });
    for (const result of await Promise.all(Array.from({ length: 5 }, () => read(OTHER_TEST_KEY, era))))
      expect(errorIn(result)).toBeUndefined();
    expect([reached(TEST_KEY), reached(OTHER_TEST_KEY)]).toEqual([5, 5]);
  });

  test('a 429 holds only its own key', async () => {
    await start([], { HEYREACH_TOOL_TIMEOUT_SECONDS: '30' });
    toFirst(() => ({ status: 429, headers: { 'retry-after': '50' } }));
    for (let turn = 0; turn < 2; turn += 1) {
      expect(errorIn(await read(TEST_KEY, era))).toMatchObject({ kind: 'rate_limited', outcome: expect.any(String) });
    }
    // The server held the second call back.
    expect(reached(TEST_KEY)).toBe(1);
    expect(errorIn(await read(OTHER_TEST_KEY, era))).toBeUndefined();
  });

  test('failed calls open only the circuit of their own key', async () => {
    await start();
    toFirst(() => ({ status: 500 }));
    const first = speaker(program.url, era, { 'x-api-key': TEST_KEY });
    await Promise.all([1, 2, 3].map((campaignId) => first.call('get_campaign', { campaignId })));
    await Promise.all([1, 2, 3].map((listId) => first.call('get_list', { listId })));
    const made = reached(TEST_KEY);
    expect(errorIn(await read(TEST_KEY, era))).toMatchObject({ kind: 'outage', outcome: 'not_sent' });
    expect(reached(TEST_KEY)).toBe(made);
    expect(errorIn(await read(OTHER_TEST_KEY, era))).toBeUndefined();
  });

  test('a key that HeyReach rejects does not affect the other key', async () => {
    await start();
    toFirst(() => ({ status: 401, body: 'Invalid API key' }));
    for (let turn = 0; turn < 6; turn += 1) {
      expect(errorIn(await read(TEST_KEY, era))).toMatchObject({ kind: 'unauthorized' });
      expect(errorIn(await read(OTHER_TEST_KEY, era))).toBeUndefined();
    }
  });
});

describe('the slots for requests', () => {
  const MOST = 64;

  test.each(ERAS)(
    '64 requests of one key leave the other key free, and the first key can still cancel (%s)',
    async (era) => {
      await start();
      const hanging: ((answer: StubAnswer) => void)[] = [];
      toFirst(() => new Promise((resolve) => hanging.push(resolve)));
      const first = speaker(program.url, era, { 'x-api-key': TEST_KEY });
      const session = era === '2025' ? await openSession(TEST_KEY) : {};
      const params = { name: 'get_campaign', arguments: { campaignId: 1 } };
      const open = Array.from({ length: MOST }, (_, index) =>
        first
          .post({ method: 'tools/call', params, id: `call-${index}` }, session)
          .then(({ status, text }) => (text === '' ? 'ended' : status)),
      );
      await expect.poll(() => reached(TEST_KEY)).toBe(MOST);

      const refused = await first.post({ method: 'tools/call', params, id: 'one-more' });
      expect(refused.status).toBe(429);
      expect(refused.headers['retry-after']).toBe('1');
      expect(refused.headers['content-type']).toBe('application/json');
      expect(refused.message()).toEqual({
        jsonrpc: '2.0',
        id: 'one-more',
        error: {
          code: -32_600,
          message: 'You have the maximum of 64 requests open. Nothing was done. Retry when one has ended.',
          data: { requestId: refused.headers['x-request-id'] },
        },
      });
      // The same key in the other header is the same caller.
      const byBearer = speaker(program.url, era, { authorization: `Bearer ${TEST_KEY}` });
      expect((await byBearer.post({ method: 'tools/list' })).status).toBe(429);
      expect(reached(TEST_KEY)).toBe(MOST);

      const answers = await Promise.all(Array.from({ length: 40 }, () => read(OTHER_TEST_KEY, era)));
      for (const result of answers) expect(errorIn(result)).toBeUndefined();
      expect((await speaker(program.url, era, {}).post({ method: 'tools/list' })).status).toBe(200);

      const note = await send(program.url, {
        headers: { 'x-api-key': TEST_KEY, ...session },
        body: cancelMessage('call-0'),
      });
      expect(note.status).toBe(202);
      if (era === '2025') {
        // Its slot is free at once.
        expect(await open[0]).toBe('ended');
        expect((await first.post({ method: 'tools/list' })).status).toBe(200);
      }
      for (const end of hanging) end(CAMPAIGN);
      for (const status of (await Promise.all(open)).slice(1)) expect(status).toBe(200);
    },
  );

  test('64 streams of one key leave the other key free', async () => {
    await start();
    stub.answer(() => CAMPAIGN);
    const streams: ClientRequest[] = [];
    const listen = (key: string, id: number) =>
      new Promise<{ status: number | undefined; text: string }>((resolve, reject) => {
        const { headers, body } = speaker(program.url, '2026-07-28', { 'x-api-key': key }).write({
          method: 'subscriptions/listen',
          params: { notifications: { resourcesListChanged: true } },
          id,
        });
        const made = httpRequest(program.url, { method: 'POST', agent: false, headers: { ...ACCEPT, ...headers } });
        made.once('error', reject).once('response', (response) => {
          response.once('data', (chunk) => {
            recordOutput(String(chunk));
            resolve({ status: response.statusCode, text: String(chunk) });
          });
          response.on('error', () => {});
        });
        made.end(JSON.stringify(body));
        streams.push(made);
      });
    const opened = await Promise.all(Array.from({ length: MOST }, (_, id) => listen(TEST_KEY, id)));
    expect(new Set(opened.map(({ status }) => status))).toEqual(new Set([200]));
    const refused = await listen(TEST_KEY, 1_000);
    expect(refused.status).toBe(429);
    expect(JSON.parse(refused.text)).toMatchObject({
      id: 1_000,
      error: { message: /^64 streams of changes of yours/ },
    });
    expect((await listen(OTHER_TEST_KEY, 1)).status).toBe(200);
    // Streams do not count as calls.
    expect(errorIn(await read(TEST_KEY))).toBeUndefined();
    for (const stream of streams) stream.destroy();
    await expect
      .poll(async () => {
        const made = listen(TEST_KEY, 2_000);
        return (await made).status;
      })
      .toBe(200);
    for (const stream of streams) stream.destroy();
  });
});

/** The session id that a client of 2025 gets. */
async function openSession(key: string): Promise<Record<string, string>> {
  const params = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'raw', version: '1' } };
  const reply = await speaker(program.url, '2025', { 'x-api-key': key }).post({ method: 'initialize', params });
  return { 'mcp-session-id': String(reply.headers['mcp-session-id']) };
}

describe('a cancellation by POST', () => {
  /** A call of the first key that stays in flight at HeyReach, and a function that answers it. */
  async function hang(session: Record<string, string>, id: number) {
    let goOn = (_: StubAnswer) => {};
    toFirst(
      () =>
        new Promise((resolve) => {
          goOn = resolve;
        }),
    );
    let reply: Reply | undefined;
    const headers = { 'x-api-key': TEST_KEY, ...session };
    const ended = send(program.url, { headers, body: callOf('get_campaign', { campaignId: 1 }, id) }).then((answer) => {
      reply = answer;
    });
    await expect.poll(() => reached(TEST_KEY), SOON).toBe(1);
    return { ended, goOn: () => goOn(CAMPAIGN), reply: () => reply };
  }

  test.each<[what: string, headers: Record<string, string>]>([
    ['with another key', { 'x-api-key': OTHER_TEST_KEY }],
    ['with another key as the bearer', { authorization: `Bearer ${OTHER_TEST_KEY}` }],
    ['without a key', {}],
    [
      'with another key, and this key in the second header',
      { 'x-api-key': OTHER_TEST_KEY, authorization: `Bearer ${TEST_KEY}` },
    ],
  ])('does not affect a call of this key: %s', async (_, headers) => {
    await start();
    const session = await openSession(TEST_KEY);
    const call = await hang(session, 7);
    for (const id of [7, '7']) {
      const note = await send(program.url, { headers: { ...headers, ...session }, body: cancelMessage(id) });
      expect(note.status).toBe(202);
    }
    // A request with the same id does not replace the call either.
    const twin = await send(program.url, { headers: { ...headers, ...session }, body: callOf('check_api_key', {}, 7) });
    expect(twin.status).toBe(200);
    // Waits long enough for an effect, while the socket of the other caller stays open.
    expect(errorIn(await read(OTHER_TEST_KEY))).toBeUndefined();
    expect(call.reply()).toBeUndefined();
    call.goOn();
    await call.ended;
    expect(call.reply()?.text).toContain('Made up');
    expect(program.stderr()).not.toContain('"error":"cancelled"');
  });

  test('ends the call with its own key, in either header', async () => {
    await start();
    const session = await openSession(TEST_KEY);
    const call = await hang(session, 7);
    const headers = { authorization: `Bearer ${TEST_KEY}`, ...session };
    await send(program.url, { headers, body: cancelMessage(7) });
    await call.ended;
    expect(call.reply()).toMatchObject({ status: 200, text: '' });
    await expect.poll(() => program.stderr(), SOON).toContain('"error":"cancelled"');
  });

  test('a cancellation of 2026-07-28, where closing the connection cancels, affects no call of another key', async () => {
    await start();
    toFirst(never);
    const first = speaker(program.url, '2026-07-28', { 'x-api-key': TEST_KEY });
    let isOver = false;
    const params = { name: 'get_campaign', arguments: { campaignId: 1 } };
    const call = first.post({ method: 'tools/call', params, id: 7 }).then(
      () => {
        isOver = true;
      },
      () => {},
    );
    await expect.poll(() => reached(TEST_KEY), SOON).toBe(1);
    const second = speaker(program.url, '2026-07-28', { 'x-api-key': OTHER_TEST_KEY });
    await second.post({ method: 'notifications/cancelled', params: { requestId: 7 } });
    expect(errorIn(await read(OTHER_TEST_KEY, '2026-07-28'))).toBeUndefined();
    expect(isOver).toBe(false);
    expect(stub.open()).toBeGreaterThan(0);
    // Ends the call that is still in flight.
    await stub.close();
    await call;
  });
});
