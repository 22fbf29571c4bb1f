import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { UNKNOWN_KEYS } from '../../src/auth/unknown-keys.ts';
import { HEALTH_CHECK_MS } from '../../src/client/health-check.ts';
import { NEVER_RETRIED_MS } from '../../src/client/request-executor.ts';
import { parseConfig } from '../../src/config/load-config.ts';
import type { Setting } from '../../src/config/setting-types.ts';
import { settings } from '../../src/config/settings.ts';
import { JSON_LIMITS } from '../../src/lib/json-limits.ts';
import { Metrics } from '../../src/observability/metrics.ts';
import { MAX_SUBSCRIBED } from '../../src/resources/subscriptions/subscription-hub.ts';
import { DRAIN_MS } from '../../src/transports/http/graceful-shutdown.ts';
import { SDK_REJECTION } from '../../src/transports/http/http-exchange.ts';
import {
  HEADERS_MS,
  KEEP_ALIVE_MS,
  MAX_CONNECTIONS,
  MAX_HEADER_BYTES,
  NEAR_LIMIT,
  REQUEST_MS,
} from '../../src/transports/http/http-transport.ts';
import { LIMITS } from '../../src/transports/http/middleware/concurrency-limit.ts';
import { MAX_FILE_MB } from '../../src/transports/http/middleware/files.ts';
import { MAX_ALL_BYTES, MAX_KEYLESS_BYTES } from '../../src/transports/http/middleware/json-body.ts';
import { MAX_BATCH } from '../../src/transports/http/middleware/json-rpc.ts';
import { MAX_HEADERS, MAX_URL } from '../../src/transports/http/middleware/request-limits.ts';
import { UNKNOWN_KEY_LIMITS } from '../../src/transports/http/middleware/unknown-key-limit.ts';
import { DISK_LIMITS, MEMORY_LIMITS } from '../../src/workflows/files/file-store.ts';
import { TEST_KEY } from '../support/runs/keys.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (file: string) => readFileSync(`${root}${file}`, 'utf8');
const deploy = read('docs/deploy.md');

function block(name: string): string {
  const content = new RegExp(`<!-- block: ${name} -->\\n\`\`\`\\w+\\n([\\s\\S]*?)\\n\`\`\``).exec(deploy)?.[1];
  if (content === undefined) throw new Error(`docs/deploy.md has no block ${name}`);
  return content;
}

/** The rows of a table whose first cells are code. Cells are `code` or plain text. */
function rowsOf(heading: RegExp): string[][] {
  const [, body = ''] = heading.exec(deploy) ?? [];
  return body
    .trim()
    .split('\n')
    .map((row) =>
      row
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim().replaceAll('`', '')),
    );
}

/** A number in a block, in seconds. */
function seconds(name: string, pattern: RegExp): number {
  const number = Number(pattern.exec(block(name))?.[1]);
  expect(number, `${name}: ${pattern}`).toBeGreaterThan(0);
  return number;
}

describe('the table of rejections', () => {
  const rows = rowsOf(/<!-- table: refusals -->\n\n.*\n.*\n((?:\|.*\n)+)/);
  const documented = rows.map(([status = '', reason = '']) => ({ status, reason }));
  const files = readdirSync(`${root}src`, { recursive: true, encoding: 'utf8' });
  const sources = files.filter((file) => /^(auth|transports)\/.*\.ts$/.test(file)).map((file) => read(`src/${file}`));
  const rejections = sources.flatMap((text) =>
    [...text.matchAll(/\b(?:httpError|retryLater)\(\s*(\d{3}),\s*'(\w+)'/g)].map(([, status, reason]) => ({
      status,
      reason,
    })),
  );

  test('the test finds every rejection in the sources', () => {
    const calls = sources.flatMap((text) => text.match(/\b(?:httpError|retryLater)\(/g) ?? []);
    expect(calls.length).toBeGreaterThan(20);
    expect(rejections).toHaveLength(calls.length);
    expect(rejections).toContainEqual({ status: '503', reason: 'stopping' });
  });

  test('has each rejection with its status, and no other rejections', () => {
    const sorted = (all: typeof rejections) =>
      [...new Set(all.map(({ status, reason }) => `${status} ${reason}`))].sort();
    expect(sorted(documented.filter(({ reason }) => reason !== SDK_REJECTION))).toEqual(sorted(rejections));
    expect(documented).toContainEqual({ status: '400, 404, 406', reason: SDK_REJECTION });
  });

  test('explains each rejection: its meaning, what to do, and the log level', () => {
    for (const [status, , means = '', todo = '', line = ''] of rows) {
      expect([means.length > 10, todo.length > 5]).toEqual([true, true]);
      expect(line).toMatch(status === '405' ? /^debug$/ : /^warn\b/);
    }
  });
});

test('the documented limits are those of the code', () => {
  const limits = rowsOf(/## Limits[\s\S]*?\|---\|---\|---\|\n((?:\|.*\n)+)/);
  const of = (name: string) => limits.find(([limit]) => limit?.startsWith(name))?.[1];
  const { perCaller, all } = LIMITS;
  const number = (value: number) => value.toLocaleString('en-US');
  expect(of('requests in flight, of one caller')).toMatch(new RegExp(`^${perCaller};`));
  expect(of('requests in flight, of all')).toBe(number(all));
  expect(of('streams of changes')).toContain(`${perCaller} of one caller, ${number(all)} of all`);
  expect(of('keys that')).toBe(`${UNKNOWN_KEYS.perAddress} of one address in a minute, ${UNKNOWN_KEYS.all} of all`);
  const { perCaller: perAddress, all: allUnknown } = UNKNOWN_KEY_LIMITS;
  expect(of('requests in flight with such')).toBe(`${perAddress} of one address, ${allUnknown} of all`);
  expect(of('open connections')).toContain(
    `${number(MAX_CONNECTIONS)}; from ${number(MAX_CONNECTIONS * NEAR_LIMIT)} on`,
  );
  expect(of('time to send')).toBe(`${HEADERS_MS / 1_000} s; ${REQUEST_MS / 1_000} s`);
  expect(of('headers')).toBe(`${MAX_HEADERS}, together ${MAX_HEADER_BYTES / 1024} KiB`);
  expect(of('the URL')).toBe(`${number(MAX_URL)} characters`);
  expect(of('all bodies')).toBe(`${MAX_ALL_BYTES / 1024 ** 2} MiB`);
  expect(of('a body of a caller without a key')).toBe(`${MAX_KEYLESS_BYTES / 1024} KiB`);
  expect(of('an uploaded file')).toBe(`${MAX_FILE_MB} MB`);
  const megabytes = (bytes: number) => `${bytes / 1_000_000} MB`;
  expect(of('files of one key')).toBe(
    `${DISK_LIMITS.files}, together ${megabytes(DISK_LIMITS.bytes)}, without HEYREACH_STATE_DIR ${megabytes(MEMORY_LIMITS.bytes)}`,
  );
  expect(of('nesting')).toBe(`${JSON_LIMITS.depth} levels`);
  expect(of('members of one object')).toBe(number(JSON_LIMITS.members));
  expect(of('values in a body')).toBe(number(JSON_LIMITS.items));
  expect(of('a batch')).toBe(`${MAX_BATCH} messages`);
  expect(of('resources that')).toBe(String(MAX_SUBSCRIBED));
  expect(of('a body')).toBe(`HEYREACH_MAX_BODY_MIB, ${settings.maxBody.fallback} MiB`);
  expect(of('a call')).toBe(`HEYREACH_TOOL_TIMEOUT_SECONDS, ${settings.toolTimeout.fallback} s`);
  expect(of('requests to HeyReach')).toContain(`, ${settings.rateLimit.fallback} in`);
  expect(of('messages')).toContain(`HOUR, ${settings.maxSendsPerHour.fallback} with`);
  expect(of('messages')).toContain(`HOUR, ${settings.maxSendsPerSenderPerHour.fallback} from`);
});

test('every documented metric exists, and every metric of the server is documented', async () => {
  const named = [...deploy.matchAll(/^\| `((?:heyreach_mcp|nodejs|process)_\w+)` \|/gm)].map((match) => match[1]!);
  const text = await new Metrics({ tools: [] }).text();
  const existing = [...text.matchAll(/^# TYPE (\w+) /gm)].map((match) => match[1]!);
  expect(named.filter((name) => !existing.includes(name))).toEqual([]);
  expect(existing.filter((name) => name.startsWith('heyreach_mcp_') && !named.includes(name))).toEqual([]);
});

test('a table has the OpenTelemetry name of every metric, or says that there is none', async () => {
  const rows = rowsOf(/\| metric \| OpenTelemetry \| labels \|\n\|[-|]+\n((?:\|.*\n)+)/);
  const text = await new Metrics({ tools: [] }).text();
  const existing = [...text.matchAll(/^# TYPE (\w+) /gm)].map((match) => match[1]!);
  const mapped = rows.map(([name = '']) => name);
  expect(mapped.filter((name) => !existing.includes(name))).toEqual([]);
  expect(existing.filter((name) => name.startsWith('heyreach_mcp_')).sort()).toEqual(
    mapped.filter((name) => name.startsWith('heyreach_mcp_')).sort(),
  );
  // The duration of a histogram is in seconds, and its count is the number of calls.
  const conventions = {
    histogram: /^(?:mcp\.server\.operation\.duration|http\.client\.request\.duration|no metric)$/,
    counter: /^(?:(?:mcp\.server\.operation|http\.(?:client|server)\.request)\.duration \(count\)|no metric)$/,
    gauge:
      /^(?:http\.(?:client|server)\.active_requests|nodejs\.eventloop\.delay\.p99|process\.memory\.usage|no metric)$/,
  };
  for (const [name = '', convention = ''] of rows) {
    const [, type = ''] = new RegExp(`^# TYPE ${name} (\\w+)$`, 'm').exec(text) ?? [];
    expect(convention, name).toMatch(conventions[type as keyof typeof conventions]);
  }
});

test('every documented variable, flag and npm command exists', () => {
  const all = Object.values(settings) as Setting<unknown>[];
  const variables = [...deploy.matchAll(/\bHEYREACH_[A-Z_]+/g)].map(([name]) => name);
  expect(variables.length).toBeGreaterThan(20);
  const known = all.map(({ variable }) => variable);
  expect(variables.filter((name) => !known.includes(name))).toEqual([]);
  const flags = [
    ...block('systemd').matchAll(/dist\/main\.js(.*)/g),
    ...block('kubernetes').matchAll(/main\.js,(.*)\]/g),
  ].flatMap(([, args = '']) => args.match(/--[\w-]+/g) ?? []);
  expect(flags.length).toBeGreaterThan(3);
  expect(flags.filter((flag) => !all.some((setting) => `--${setting.flag}` === flag))).toEqual([]);
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  for (const [, name = ''] of deploy.matchAll(/npm run ([a-z:]+)/g)) expect(scripts).toHaveProperty([name]);
});

test('the systemd unit starts with the variables of its env file', () => {
  const env = Object.fromEntries(
    block('env')
      .split('\n')
      .map((line) => line.split('=', 2)),
  );
  // The server rejects the example values of a document.
  expect(env.HEYREACH_API_KEY).toBe('your-heyreach-api-key');
  expect(env.HEYREACH_STATE_SECRET).toMatch(/^replace-with-/);
  env.HEYREACH_API_KEY = TEST_KEY;
  env.HEYREACH_STATE_SECRET = 's'.repeat(32);
  const argv = /dist\/main\.js (.*)/.exec(block('systemd'))?.[1]?.split(' ') ?? [];
  expect(parseConfig(argv, env)).toMatchObject({
    ok: true,
    config: { transport: 'http', host: '127.0.0.1', port: 3000, allowedHosts: ['mcp.example.com'], metricsPort: 9464 },
  });
  // Without the first two lines, callers use their own keys.
  const { HEYREACH_API_KEY, HEYREACH_MCP_TOKENS, ...others } = env;
  expect([HEYREACH_API_KEY, HEYREACH_MCP_TOKENS]).not.toContain(undefined);
  expect(parseConfig(argv, others)).toMatchObject({ ok: true });
});

test('the variables of OAuth start the server in this mode', () => {
  const env = Object.fromEntries(
    block('oauth-env')
      .split('\n')
      .map((line) => line.split('=', 2)),
  );
  env.HEYREACH_API_KEY = TEST_KEY;
  expect(parseConfig(['--transport', 'http'], env)).toMatchObject({
    ok: true,
    config: { auth: 'oauth', publicUrl: 'https://mcp.example.com/mcp', oauthIssuer: 'https://login.example.com' },
  });
});

test('the process manager waits longer than a shutdown takes', () => {
  // A shutdown waits for requests in flight. A request that is never retried has the longest deadline.
  const longest = Math.max(DRAIN_MS, NEVER_RETRIED_MS) / 1_000;
  const drain = seconds('env', /HEYREACH_DRAIN_SECONDS=(\d+)/);
  expect(seconds('systemd', /TimeoutStopSec=(\d+)/)).toBeGreaterThan(drain + longest);
  const inPod = seconds('kubernetes', /HEYREACH_DRAIN_SECONDS, value: "(\d+)"/);
  expect(seconds('kubernetes', /terminationGracePeriodSeconds: (\d+)/)).toBeGreaterThan(inPod + longest);
  expect(seconds('kubernetes', /timeoutSeconds: (\d+)/)).toBeGreaterThan(HEALTH_CHECK_MS / 1_000);
});

test('the proxies wait longer than a call takes, and close idle connections before the server does', () => {
  expect(seconds('nginx', /proxy_read_timeout (\d+)s/)).toBeGreaterThan(60);
  // nginx closes an idle connection after 60 s by default.
  expect(KEEP_ALIVE_MS).toBeGreaterThan(60_000);
  expect(block('nginx')).not.toContain('keepalive_timeout');
  expect(seconds('caddy', /keepalive (\d+)s/)).toBeLessThan(KEEP_ALIVE_MS / 1_000);
  const largest = Number(settings.maxBody.fallback);
  expect(Number(/client_max_body_size (\d+)m/.exec(block('nginx'))?.[1])).toBeGreaterThan(largest);
  expect(Number(/max_size (\d+)MB/.exec(block('caddy'))?.[1])).toBeGreaterThan(largest);
});

test('every link has a target', () => {
  const headings = (text: string) =>
    [...text.matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
      title
        .toLowerCase()
        .replaceAll(/[^\w -]/g, '')
        .replaceAll(' ', '-'),
    );
  for (const [, path = '', anchor] of deploy.matchAll(/\]\(([^)#]*)(?:#([\w-]+))?\)/g)) {
    const text = path === '' ? deploy : read(`docs/${path}`);
    if (anchor !== undefined) expect(headings(text)).toContain(anchor);
  }
  expect(read('README.md')).toContain('(docs/deploy.md)');
});
