import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ENVELOPE } from '../support/clients/cancellation.ts';
import { ERAS, type Era, speaker } from '../support/clients/stdio-lines.ts';
import { startStub } from '../support/heyreach/heyreach-stub.ts';
import { startHttpProgram, startProgram, stopChild } from '../support/programs/program.ts';

const META = { traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01', tracestate: 'vendor=meta' };
const HEADERS = { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00', tracestate: 'vendor=header' };
const fieldsOf = ({ traceparent, tracestate }: typeof META) => {
  const [, trace_id, span_id] = traceparent.split('-');
  return { trace_id, span_id, tracestate };
};
/** A key that a tracestate can contain. */
const KEY = 'made-up-key-of-a-trace';
const CALL = { name: 'pause_campaign', arguments: { campaignId: 600_001 } };

type Stub = Awaited<ReturnType<typeof startStub>>;
let heyreach: Stub;
let folder: string;
beforeEach(async () => {
  heyreach = await startStub();
  folder = mkdtempSync(join(tmpdir(), 'heyreach-mcp-trace-'));
});
afterEach(async () => {
  await heyreach.close();
  rmSync(folder, { recursive: true });
});

const environment = () => ({
  HEYREACH_API_KEY: KEY,
  HEYREACH_BASE_URL: heyreach.url,
  HEYREACH_AUDIT_LOG: join(folder, 'audit.jsonl'),
});
type Line = Record<string, unknown>;
const readLines = (text: string): Line[] =>
  text
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Line);
const traceIn = ({ trace_id, span_id, tracestate }: Line) => ({ trace_id, span_id, tracestate });
const NONE = { trace_id: undefined, span_id: undefined, tracestate: undefined };

/** The traces in the log line and in the audit log of the only call. */
async function tracesOf(stderr: () => string) {
  await expect.poll(() => stderr()).toContain('"tool":"pause_campaign"');
  const logged = readLines(stderr()).filter(({ tool }) => tool === 'pause_campaign');
  const audited = readLines(readFileSync(join(folder, 'audit.jsonl'), 'utf8'));
  expect(audited.map(({ phase }) => phase)).toEqual(['intent', 'outcome']);
  // The trace is only for this program: HeyReach gets no trace header.
  for (const { headers } of heyreach.requests) expect(Object.keys(headers).join()).not.toContain('trace');
  expect(heyreach.requests.length).toBeGreaterThan(0);
  return { log: logged.map(traceIn), audit: audited.slice(0, 1).map(traceIn) };
}

describe.each(ERAS)('a trace in the era %s', (era) => {
  const overHttp = async (_meta: object | undefined, headers: Record<string, string> = {}) => {
    const program = await startHttpProgram({ env: environment() });
    await speaker(program.url, era, headers).ask('tools/call', { ...CALL, ...(_meta && { _meta }) });
    const traces = await tracesOf(program.stderr);
    await program.stop();
    return traces;
  };
  const both = (trace: object) => ({ log: [trace], audit: [trace] });

  test('a trace in `_meta` is in the log and the audit log over HTTP, and takes precedence over the headers', async () => {
    expect(await overHttp(META, HEADERS)).toEqual(both(fieldsOf(META)));
  });

  test('a trace in the headers is in both logs, also if `_meta` is malformed', async () => {
    expect(await overHttp({ traceparent: 'made-up' }, HEADERS)).toEqual(both(fieldsOf(HEADERS)));
  });

  test('a traceparent in `_meta` gets no tracestate from the headers', async () => {
    const trace = { ...fieldsOf(META), tracestate: undefined };
    expect(await overHttp({ traceparent: META.traceparent, tracestate: 'A B' }, HEADERS)).toEqual(both(trace));
  });

  test('a malformed trace has no effect', async () => {
    expect(await overHttp({ traceparent: 7 }, { traceparent: '00-1-2-3' })).toEqual(both(NONE));
  });

  test('a trace that contains the key is ignored', async () => {
    const tracestate = `vendor=${KEY}`;
    expect(await overHttp({ ...META, tracestate })).toEqual(both(NONE));
    rmSync(join(folder, 'audit.jsonl'));
    expect(await overHttp(undefined, { ...HEADERS, 'x-api-key': KEY, tracestate })).toEqual(both(NONE));
  });

  test('a trace is in both logs over stdio', async () => {
    const program = await startProgram({ env: environment() });
    let written = '';
    program.stderr?.on('data', (chunk) => {
      written += chunk;
    });
    const answers = createInterface({ input: program.stdout! });
    const ask = async (id: number, method: string, params: object) => {
      program.stdin?.write(`${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`);
      await once(answers, 'line');
    };
    if (era === '2025') await ask(1, 'initialize', HELLO);
    await ask(2, 'tools/call', { ...CALL, _meta: { ...metaOf(era), ...META } });
    expect(await tracesOf(() => written)).toEqual(both(fieldsOf(META)));
    await stopChild(program);
  });
});

const HELLO = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'raw', version: '1' } };
const metaOf = (era: Era): object =>
  era === '2025' ? {} : { ...ENVELOPE, 'io.modelcontextprotocol/clientCapabilities': {} };

test('resources, prompts and completion also have the trace in their log lines', async () => {
  const program = await startHttpProgram({ args: ['--sandbox'] });
  const caller = speaker(program.url, '2026-07-28', {});
  await caller.ask('resources/read', { uri: 'heyreach://campaigns', _meta: META });
  await caller.ask('resources/list', { _meta: META });
  await caller.ask('prompts/get', { name: 'campaign_review', arguments: { campaignId: '600170' }, _meta: META });
  const argument = { name: 'campaignId', value: 'a' };
  await caller.ask('completion/complete', {
    ref: { type: 'ref/prompt', name: 'campaign_review' },
    argument,
    _meta: META,
  });
  await expect.poll(() => program.stderr()).toContain('values were completed');
  const lines = readLines(program.stderr());
  expect(lines.length).toBeGreaterThan(3);
  expect(lines.filter(({ trace_id }) => trace_id !== fieldsOf(META).trace_id)).toEqual([]);
  await program.stop();
});
