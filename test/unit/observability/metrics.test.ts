import { register } from 'prom-client';
import { beforeEach, describe, expect, test } from 'vitest';
import { Metrics } from '../../../src/observability/metrics.ts';
import { tools } from '../../../src/tools/registry.ts';
import { readSamples } from './metric-samples.ts';

const OUTCOMES = ['ok', 'asked', 'declined', 'not_sent', 'refused', 'unknown'] as const;
const QUIET = { waiting: 0, permitsUsed: 0, isHostCircuitOpen: false, openKeyCircuits: 0 };

let metrics: Metrics;

/** The samples whose names begin with `name`, without the prefix of all metrics. */
async function samples(name: string): Promise<Record<string, number>> {
  const matching = [...readSamples(await metrics.text())].filter(([series]) =>
    series.startsWith(`heyreach_mcp_${name}`),
  );
  return Object.fromEntries(matching.map(([series, value]) => [series.slice('heyreach_mcp_'.length), value]));
}

beforeEach(() => {
  metrics = new Metrics({ tools: ['get_campaign', 'send_message'] });
});

describe('tool calls', () => {
  test('are counted by tool and outcome', async () => {
    for (const outcome of OUTCOMES) metrics.toolEnded({ tool: 'send_message', outcome, ms: 10 });
    metrics.toolEnded({ tool: 'get_campaign', outcome: 'ok', ms: 10 });
    metrics.toolEnded({ tool: 'get_campaign', outcome: 'ok', ms: 10 });
    expect(await samples('tool_calls_total')).toEqual({
      'tool_calls_total{tool="send_message",outcome="ok"}': 1,
      'tool_calls_total{tool="send_message",outcome="asked"}': 1,
      'tool_calls_total{tool="send_message",outcome="declined"}': 1,
      'tool_calls_total{tool="send_message",outcome="not_sent"}': 1,
      'tool_calls_total{tool="send_message",outcome="refused"}': 1,
      'tool_calls_total{tool="send_message",outcome="unknown"}': 1,
      'tool_calls_total{tool="get_campaign",outcome="ok"}': 2,
    });
  });

  test('are timed in seconds, up to the limit of 55', async () => {
    for (const ms of [49, 250, 54_900, 300_000]) metrics.toolEnded({ tool: 'send_message', outcome: 'ok', ms });
    const durations = await samples('tool_duration_seconds');
    expect(durations['tool_duration_seconds_count{tool="send_message"}']).toBe(4);
    expect(durations['tool_duration_seconds_sum{tool="send_message"}']).toBeCloseTo(355.199);
    expect(durations['tool_duration_seconds_bucket{le="0.05",tool="send_message"}']).toBe(1);
    expect(durations['tool_duration_seconds_bucket{le="0.25",tool="send_message"}']).toBe(2);
    expect(durations['tool_duration_seconds_bucket{le="45",tool="send_message"}']).toBe(2);
    expect(durations['tool_duration_seconds_bucket{le="55",tool="send_message"}']).toBe(3);
    expect(durations['tool_duration_seconds_bucket{le="+Inf",tool="send_message"}']).toBe(4);
  });

  test('calls of unknown tools share one name', async () => {
    for (const tool of ['made_up', 'key-of-somebody', '__proto__', 'get_campaign"} 1\nevil 2']) {
      metrics.toolEnded({ tool, outcome: 'refused', ms: 1 });
    }
    expect(await samples('tool_calls_total')).toEqual({ 'tool_calls_total{tool="unknown",outcome="refused"}': 4 });
    expect(await metrics.text()).not.toMatch(/made_up|somebody|__proto__|evil/);
  });
});

describe('requests to HeyReach', () => {
  test('are counted by status class, or by the reason for a missing response', async () => {
    for (const ended of [200, 204, 302, 401, 404, 429, 500, 503, 999, 'timeout', 'reset', 'reset'] as const) {
      metrics.attemptStarted(1);
      metrics.attemptEnded({ attempt: 1, ended, ms: 30 });
    }
    expect(await samples('upstream_requests_total')).toEqual({
      'upstream_requests_total{result="2xx"}': 2,
      'upstream_requests_total{result="3xx"}': 1,
      'upstream_requests_total{result="4xx"}': 3,
      'upstream_requests_total{result="5xx"}': 2,
      'upstream_requests_total{result="other"}': 1,
      'upstream_requests_total{result="timeout"}': 1,
      'upstream_requests_total{result="reset"}': 2,
    });
    expect(await samples('upstream_rate_limited_total')).toEqual({ upstream_rate_limited_total: 1 });
    expect(await samples('upstream_request_duration_seconds_count')).toEqual({
      upstream_request_duration_seconds_count: 12,
    });
  });

  test('are in flight from start to end, and every further request of a call is a retry', async () => {
    metrics.attemptStarted(1);
    metrics.attemptStarted(2);
    metrics.attemptStarted(3);
    expect(await samples('upstream_requests_in_flight')).toEqual({ upstream_requests_in_flight: 3 });
    expect(await samples('upstream_retries_total')).toEqual({ upstream_retries_total: 2 });
    metrics.attemptEnded({ attempt: 1, ended: 200, ms: 1_500 });
    metrics.attemptEnded({ attempt: 2, ended: 'cancelled', ms: 1 });
    expect(await samples('upstream_requests_in_flight')).toEqual({ upstream_requests_in_flight: 1 });
    expect((await samples('upstream_request_duration_seconds_sum')).upstream_request_duration_seconds_sum).toBeCloseTo(
      1.501,
    );
  });

  test('are timed while they wait for a permit', async () => {
    metrics.permitAcquired(0.2);
    metrics.permitAcquired(12_000);
    const waits = await samples('upstream_wait_seconds');
    expect(waits.upstream_wait_seconds_count).toBe(2);
    expect(waits['upstream_wait_seconds_bucket{le="0.005"}']).toBe(1);
    expect(waits['upstream_wait_seconds_bucket{le="20"}']).toBe(2);
  });
});

describe('HTTP exchanges', () => {
  test('are counted by status class and reason of rejection, streams separately', async () => {
    metrics.exchangeEnded({ status: 200, isStream: false });
    metrics.exchangeEnded({ status: 202, isStream: false });
    metrics.exchangeEnded({ status: 200, isStream: true });
    metrics.exchangeEnded({ status: 0, isStream: false });
    metrics.exchangeEnded({ status: 403, refusal: 'host', isStream: false });
    metrics.exchangeEnded({ status: 429, refusal: 'caller_busy', isStream: true });
    expect(await samples('http_exchanges_total')).toEqual({
      'http_exchanges_total{kind="call",status="2xx",refusal="none"}': 2,
      'http_exchanges_total{kind="stream",status="2xx",refusal="none"}': 1,
      'http_exchanges_total{kind="call",status="none",refusal="none"}': 1,
      'http_exchanges_total{kind="call",status="4xx",refusal="host"}': 1,
      'http_exchanges_total{kind="stream",status="4xx",refusal="caller_busy"}': 1,
    });
  });

  test('show only refusals that are plain words', async () => {
    for (const refusal of ['Bearer made-up-key', 'x"} 1\nevil 2', 'UPPER', '', 'a'.repeat(40)]) {
      metrics.exchangeEnded({ status: 400, refusal, isStream: false });
    }
    expect(await samples('http_exchanges_total')).toEqual({
      'http_exchanges_total{kind="call",status="4xx",refusal="other"}': 5,
    });
  });
});

describe('current values', () => {
  test('are zero before there are sources', async () => {
    expect(await samples('upstream_waiting')).toEqual({ upstream_waiting: 0 });
    expect(await samples('http_streams_open')).toEqual({ http_streams_open: 0 });
  });

  test('are read at each scrape', async () => {
    let heyreach = QUIET;
    let http = { inFlight: 0, streams: 0 };
    metrics.observe({ heyreach: () => heyreach, http: () => http });
    await metrics.text();
    heyreach = { waiting: 7, permitsUsed: 0.25, isHostCircuitOpen: true, openKeyCircuits: 2 };
    http = { inFlight: 3, streams: 5 };
    const values = readSamples(await metrics.text());
    const now = (name: string) => values.get(`heyreach_mcp_${name}`);
    expect(now('upstream_waiting')).toBe(7);
    expect(now('upstream_quota_used_ratio')).toBe(0.25);
    expect(now('upstream_host_circuit_open')).toBe(1);
    expect(now('upstream_key_circuits_open')).toBe(2);
    expect(now('http_exchanges_in_flight')).toBe(3);
    expect(now('http_streams_open')).toBe(5);
    heyreach = QUIET;
    expect(await samples('upstream_host_circuit_open')).toEqual({ upstream_host_circuit_open: 0 });
  });

  test('include the process: memory, CPU, the lag of the event loop', async () => {
    const values = readSamples(await metrics.text());
    for (const name of ['process_resident_memory_bytes', 'process_cpu_seconds_total', 'nodejs_heap_size_used_bytes']) {
      expect(values.get(name)).toBeGreaterThan(0);
    }
    expect(values.has('nodejs_eventloop_lag_p99_seconds')).toBe(true);
  });
});

describe('the text', () => {
  test('has a help line for each metric', async () => {
    const text = await metrics.text();
    const types = [...text.matchAll(/^# TYPE (\S+) (\w+)$/gm)].map(([, name]) => name!);
    expect(types.length).toBeGreaterThan(15);
    for (const name of types) expect(text).toMatch(new RegExp(`^# HELP ${name} [A-Z0-9].+\\.?$`, 'm'));
    expect(metrics.contentType).toMatch(/^text\/plain; version=0\.0\.4/);
  });

  test('contains the numbers of one server, and no global registry is used', async () => {
    const other = new Metrics({ tools: ['get_campaign'] });
    metrics.toolEnded({ tool: 'get_campaign', outcome: 'ok', ms: 1 });
    expect(await other.text()).not.toContain('tool="get_campaign"');
    expect(register.getMetricsAsArray()).toEqual([]);
  });

  test('has only fixed labels and a bounded number of series, whatever callers request', async () => {
    const names = tools.map(({ name }) => name);
    metrics = new Metrics({ tools: names });
    for (let index = 0; index < 1_000; index += 1) {
      const outcome = OUTCOMES[index % OUTCOMES.length]!;
      const word = String.fromCharCode(97 + (index % 26), 97 + Math.floor(index / 26));
      for (const tool of [...names, `tool_${index}`]) metrics.toolEnded({ tool, outcome, ms: index * 100 });
      metrics.exchangeEnded({ status: index, refusal: word, isStream: index % 2 === 0 });
      metrics.attemptEnded({ attempt: index, ended: index, ms: index });
      metrics.permitAcquired(index);
    }
    const count = async (name: string) => Object.keys(await samples(name)).length;
    expect(await count('tool_calls_total')).toBe((names.length + 1) * OUTCOMES.length);
    // Twelve buckets, +Inf, the sum and the count.
    expect(await count('tool_duration_seconds')).toBe((names.length + 1) * 15);
    expect(await count('upstream_requests_total')).toBe(7);
    // Two kinds, seven classes, 40 reasons and `other`.
    expect(await count('http_exchanges_total')).toBeLessThanOrEqual(2 * 7 * 41);
    const text = await metrics.text();
    expect(
      [...new Set([...text.matchAll(/^heyreach_mcp_\w+\{(.*)\}/gm)].flatMap(([, labels]) => namesIn(labels!)))].sort(),
    ).toEqual(['kind', 'le', 'outcome', 'refusal', 'result', 'status', 'tool']);
    expect(readSamples(text).size).toBeLessThan(2_500);
  });
});

function namesIn(labels: string): string[] {
  return [...labels.matchAll(/(\w+)="/g)].map(([, name]) => name!);
}
