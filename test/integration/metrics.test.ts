import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fingerprintKey } from '../../src/client/index.ts';
import { CHECK, callOf, send } from '../support/clients/raw-http.ts';
import { type HeyReachStub, startStub } from '../support/heyreach/heyreach-stub.ts';
import { type HttpProgram, runProgram, startHttpProgram } from '../support/programs/program.ts';
import { inFastTimeByDefault } from '../support/runs/fast-time.ts';
import { OTHER_TEST_KEY, TEST_KEY } from '../support/runs/keys.ts';
import { readSamples } from '../unit/observability/metric-samples.ts';

const CAMPAIGN = { id: 600101, name: 'Made-up spring fair', status: 'PAUSED' };

let stub: HeyReachStub;
let program: HttpProgram;
let metricsUrl: string;

/** The current values, without the prefix of all metrics of the server. */
async function read(): Promise<{ text: string; now(name: string): number | undefined }> {
  const text = await (await fetch(metricsUrl)).text();
  const samples = readSamples(text);
  return { text, now: (name) => samples.get(`heyreach_mcp_${name}`) };
}

const call = (key: string, body: object) => send(program.url, { headers: { 'x-api-key': key }, body });

// One program for the file: the first test reads counters that start at 0, and the last one stops the program.
beforeAll(async () => {
  stub = await startStub();
  program = await startHttpProgram({ args: ['--metrics-port', '0'], env: { HEYREACH_BASE_URL: stub.url } });
  metricsUrl = /metrics at (\S+)/.exec(program.stderr())![1]!;
});
afterAll(async () => {
  await program.stop();
  await stub.close();
});

describe('the metrics of a running server', () => {
  test('count outcomes without identifying callers or content', async () => {
    stub.answer(({ path }, index) => {
      if (path.includes('GetById')) return { body: CAMPAIGN };
      return index === 0 ? { status: 429, headers: { 'retry-after': '0' } } : {};
    });
    await inFastTimeByDefault(() => call(TEST_KEY, CHECK));
    await call(OTHER_TEST_KEY, callOf('get_campaign', { campaignId: CAMPAIGN.id }));
    await call(OTHER_TEST_KEY, callOf('get_campaign', { campaignId: 'made-up-text' }));
    await call(TEST_KEY, callOf('made_up_tool'));
    await send(program.url, { headers: { host: 'evil.example.com', 'x-request-id': 'made-up-request' }, body: CHECK });

    const { text, now } = await read();
    expect(now('tool_calls_total{tool="check_api_key",outcome="ok"}')).toBe(1);
    expect(now('tool_calls_total{tool="get_campaign",outcome="ok"}')).toBe(1);
    expect(now('tool_calls_total{tool="get_campaign",outcome="not_sent"}')).toBe(1);
    expect(now('tool_duration_seconds_count{tool="get_campaign"}')).toBe(2);
    expect(now('upstream_requests_total{result="2xx"}')).toBe(2);
    expect(now('upstream_requests_total{result="4xx"}')).toBe(1);
    expect(now('upstream_rate_limited_total')).toBe(1);
    expect(now('upstream_retries_total')).toBe(1);
    expect(now('upstream_wait_seconds_count')).toBe(3);
    // Of the two keys, the busier one made two of its 300 requests.
    expect(now('upstream_quota_used_ratio')).toBeCloseTo(2 / 300);
    expect(now('http_exchanges_total{kind="call",status="4xx",refusal="host"}')).toBe(1);
    expect(now('upstream_requests_in_flight')).toBe(0);

    const secrets = [TEST_KEY, OTHER_TEST_KEY, fingerprintKey(TEST_KEY), fingerprintKey(OTHER_TEST_KEY)];
    const ofCallers = ['made', '600101', 'evil', 'fair', 'GetById', stub.url, program.url];
    for (const secret of [...secrets, ...ofCallers]) expect(text).not.toContain(secret);
  });

  test('show a call in flight', async () => {
    let goOn = () => {};
    stub.answer(
      () =>
        new Promise((resolve) => {
          goOn = () => resolve({});
        }),
    );
    const before = stub.requests.length;
    const answered = call(TEST_KEY, CHECK);
    await expect.poll(() => stub.requests.length).toBe(before + 1);
    const { now } = await read();
    expect(now('upstream_requests_in_flight')).toBe(1);
    expect(now('http_exchanges_in_flight')).toBe(1);
    goOn();
    await answered;
    await expect.poll(async () => (await read()).now('http_exchanges_in_flight')).toBe(0);
    expect((await read()).now('upstream_requests_in_flight')).toBe(0);
  });

  test('show an outage of HeyReach', async () => {
    stub.answer(() => ({ status: 503 }));
    for (let made = 0; made < 5; made += 1) await call(TEST_KEY, callOf('create_list', { name: `made up ${made}` }));
    expect((await read()).now('upstream_host_circuit_open')).toBe(1);
  });

  test('are not available at the address of the callers', async () => {
    for (const path of ['/metrics', '/mcp/metrics']) {
      const reply = await send(new URL(path, program.url).href, { method: 'GET' });
      expect(reply.status).toBeGreaterThanOrEqual(400);
      expect(reply.text).not.toContain('heyreach_mcp_');
    }
  });

  test('do not prevent a shutdown', async () => {
    await read();
    expect(await program.stop()).toBe(0);
  });
});

describe('the metrics port', () => {
  test('is open only on request', async () => {
    const other = await startHttpProgram({ args: ['--sandbox'] });
    expect((await fetch(new URL('/healthz', other.url))).status).toBe(200);
    expect(other.stderr()).not.toContain('metrics');
    expect(await other.stop()).toBe(0);
  });

  test('prevents the start if it is in use', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const { port } = taken.address() as AddressInfo;
    const { code, stderr } = await runProgram([
      '--sandbox',
      '--transport',
      'http',
      '--port',
      '0',
      '--metrics-port',
      String(port),
    ]);
    expect(code).toBe(1);
    expect(stderr).toContain('EADDRINUSE');
    const swapped = ['--sandbox', '--transport', 'http', '--port', String(port), '--metrics-port', '0'];
    expect((await runProgram(swapped)).code).toBe(1);
    taken.close();
  });
});
