import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { parseConfig } from '../../src/config.ts';
import { Metrics } from '../../src/metrics/metrics.ts';
import type { Setting } from '../../src/setting.ts';
import { settings } from '../../src/settings.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (file: string) => readFileSync(`${root}${file}`, 'utf8');
const deploy = read('docs/deploy.md');

function block(name: string): string {
  const found = new RegExp(`<!-- block: ${name} -->\\n\`\`\`\\w+\\n([\\s\\S]*?)\\n\`\`\``).exec(deploy)?.[1];
  if (found === undefined) throw new Error(`docs/deploy.md has no block ${name}`);
  return found;
}

/** The rows of a table with code in the first cells, as `code` or bare text. */
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
  const found = Number(pattern.exec(block(name))?.[1]);
  expect(found, `${name}: ${pattern}`).toBeGreaterThan(0);
  return found;
}

describe('the table of refusals', () => {
  const rows = rowsOf(/<!-- table: refusals -->\n\n.*\n.*\n((?:\|.*\n)+)/);
  const documented = rows.map(([status = '', word = '']) => ({ status, word }));
  const sources = ['src/front-door/', 'src/transports/'].flatMap((folder) =>
    readdirSync(`${root}${folder}`)
      // Refuses lines of stdio, where there is no status.
      .filter((name) => name !== 'lines.ts')
      .map((name) => read(`${folder}${name}`)),
  );
  const refusals = sources.flatMap((text) =>
    [...text.matchAll(/\brefuse(?:ForNow)?\(\s*(\d{3}),\s*'(\w+)'/g)].map(([, status, word]) => ({ status, word })),
  );

  test('the reader of refusals misses none', () => {
    const calls = sources.flatMap((text) => text.match(/(?<!function )\brefuse(?:ForNow)?\(/g) ?? []);
    // refuseForNow() is made of refuse().
    expect(refusals).toHaveLength(calls.length - 1);
    expect(refusals).toContainEqual({ status: '503', word: 'stopping' });
  });

  test('has each of the code with its status, and no others', () => {
    const spelled = (all: typeof refusals) => [...new Set(all.map(({ status, word }) => `${status} ${word}`))].sort();
    expect(spelled(documented.filter(({ word }) => word !== 'protocol'))).toEqual(spelled(refusals));
    // What the SDK refuses goes by one word.
    expect(sources.join()).toContain("status >= 400 ? 'protocol' : undefined");
    expect(documented).toContainEqual({ status: '400, 404, 406', word: 'protocol' });
  });

  test('says of each what it means, what to do, and what is logged', () => {
    for (const [status, , means = '', todo = '', line = ''] of rows) {
      expect([means.length > 10, todo.length > 5]).toEqual([true, true]);
      expect(line).toMatch(status === '405' ? /^debug$/ : /^warn\b/);
    }
  });
});

test('the limits are those of the code', () => {
  const limits = rowsOf(/## Limits[\s\S]*?\|---\|---\|---\|\n((?:\|.*\n)+)/).map(([what = '', much = '']) => [
    what,
    much,
  ]);
  const of = (what: string) => limits.find(([name]) => name?.startsWith(what))?.[1];
  const http = read('src/transports/http.ts');
  expect(http).toContain('perCaller: 64, all: 1_000');
  expect(of('requests under way, of one caller')).toMatch(/^64;/);
  expect(of('requests under way, of all')).toBe('1,000');
  expect(of('streams of changes')).toContain('64 of one caller, 1,000 of all');
  expect(http).toMatch(/HEADERS_MS = 10_000;\nconst REQUEST_MS = 30_000;/);
  expect(of('time to send')).toBe('10 s; 30 s');
  expect(http).toContain('MAX_HEADER_BYTES = 16 * 1024');
  expect(read('src/transports/guards.ts')).toMatch(/MAX_HEADERS = 100;[\s\S]*MAX_URL = 2_048;/);
  expect(of('headers')).toBe('100, together 16 KiB');
  expect(of('the URL')).toBe('2,048 characters');
  expect(read('src/transports/body.ts')).toMatch(/MAX_ALL_BYTES = 128 \* MIB;[\s\S]*MAX_DEPTH = 256;/);
  expect(of('all bodies')).toBe('128 MiB');
  expect(of('nesting')).toBe('256 levels');
  expect(read('src/resources/subscriptions/hub.ts')).toContain('MOST_SUBSCRIBED = 50');
  expect(of('resources that')).toBe('50');
  expect(of('a body')).toBe(`HEYREACH_MAX_BODY_MIB, ${settings.maxBody.fallback} MiB`);
  expect(of('a call')).toBe(`HEYREACH_TOOL_TIMEOUT_SECONDS, ${settings.toolTimeout.fallback} s`);
  expect(of('requests to HeyReach')).toContain(`, ${settings.rateLimit.fallback} in`);
  expect(of('messages')).toContain(`HOUR, ${settings.maxSendsPerHour.fallback} with`);
  expect(of('messages')).toContain(`HOUR, ${settings.maxSendsPerSenderPerHour.fallback} from`);
});

test('every metric that is named exists, and every one of ours is named', async () => {
  const named = [...deploy.matchAll(/^\| `((?:heyreach_mcp|nodejs|process)_\w+)` \|/gm)].map((match) => match[1]!);
  const text = await new Metrics({ tools: [] }).text();
  const existing = [...text.matchAll(/^# TYPE (\w+) /gm)].map((match) => match[1]!);
  expect(named.filter((name) => !existing.includes(name))).toEqual([]);
  expect(existing.filter((name) => name.startsWith('heyreach_mcp_') && !named.includes(name))).toEqual([]);
});

test('every variable, flag and npm command that is named exists', () => {
  const all = Object.values(settings) as Setting<unknown>[];
  const variables = [...deploy.matchAll(/\bHEYREACH_[A-Z_]+/g)].map(([name]) => name);
  expect(variables.length).toBeGreaterThan(20);
  const known = all.map(({ variable }) => variable);
  expect(variables.filter((name) => !known.includes(name))).toEqual([]);
  const flags = [
    ...block('systemd').matchAll(/dist\/main\.js(.*)/g),
    ...block('kubernetes').matchAll(/main\.js,(.*)\]/g),
  ].flatMap(([, given = '']) => given.match(/--[\w-]+/g) ?? []);
  expect(flags.length).toBeGreaterThan(3);
  expect(flags.filter((flag) => !all.some((one) => `--${one.flag}` === flag))).toEqual([]);
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  for (const [, name = ''] of deploy.matchAll(/npm run ([a-z:]+)/g)) expect(scripts).toHaveProperty([name]);
});

test('the unit starts with the variables of its file', () => {
  const env = Object.fromEntries(
    block('env')
      .split('\n')
      .map((line) => line.split('=', 2)),
  );
  const argv = /dist\/main\.js (.*)/.exec(block('systemd'))?.[1]?.split(' ') ?? [];
  expect(parseConfig(argv, env)).toMatchObject({
    ok: true,
    config: { transport: 'http', host: '127.0.0.1', port: 3000, allowedHosts: ['mcp.example.com'], metricsPort: 9464 },
  });
  // Without the first two lines callers bring keys of their own.
  const { HEYREACH_API_KEY, HEYREACH_MCP_TOKENS, ...others } = env;
  expect([HEYREACH_API_KEY, HEYREACH_MCP_TOKENS]).not.toContain(undefined);
  expect(parseConfig(argv, others)).toMatchObject({ ok: true });
});

test('whoever stops it waits for longer than it drains', () => {
  // The door closes after 60 s; what must not be repeated has 90 s at HeyReach.
  expect(read('src/transports/drain.ts')).toContain('DRAIN_MS = 60_000');
  expect(read('src/client/call.ts')).toContain('ONCE_MS = 90_000');
  const drain = seconds('env', /HEYREACH_DRAIN_SECONDS=(\d+)/);
  expect(seconds('systemd', /TimeoutStopSec=(\d+)/)).toBeGreaterThan(drain + 90);
  const inPod = seconds('kubernetes', /HEYREACH_DRAIN_SECONDS, value: "(\d+)"/);
  expect(seconds('kubernetes', /terminationGracePeriodSeconds: (\d+)/)).toBeGreaterThan(inPod + 90);
  expect(read('src/client/probe.ts')).toContain('PROBE_MS = 5_000');
  expect(seconds('kubernetes', /timeoutSeconds: (\d+)/)).toBeGreaterThan(5);
});

test('the proxies wait for longer than a call takes, and let connections go before the server does', () => {
  expect(seconds('nginx', /proxy_read_timeout (\d+)s/)).toBeGreaterThan(60);
  const kept = Number(/KEEP_ALIVE_MS = (\d+)_000/.exec(read('src/transports/http.ts'))?.[1]);
  expect(kept).toBe(65);
  // nginx lets go after 60 s unless it is told otherwise.
  expect(block('nginx')).not.toContain('keepalive_timeout');
  expect(seconds('caddy', /keepalive (\d+)s/)).toBeLessThan(kept);
  const largest = Number(settings.maxBody.fallback);
  expect(Number(/client_max_body_size (\d+)m/.exec(block('nginx'))?.[1])).toBeGreaterThan(largest);
  expect(Number(/max_size (\d+)MB/.exec(block('caddy'))?.[1])).toBeGreaterThan(largest);
});

test('every link leads somewhere', () => {
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
