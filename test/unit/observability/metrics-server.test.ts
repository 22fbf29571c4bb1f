import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type MetricsEndpoint, startMetrics } from '../../../src/observability/metrics-server.ts';
import { onlyInFullRun } from '../../support/runs/run-scope.ts';

interface Line {
  at: string;
  fields: object;
  message: string;
}

let endpoint: MetricsEndpoint;
let lines: Line[];
let text: () => Promise<string>;

const write = (at: string) => (fields: object, message: string) => void lines.push({ at, fields, message });
const log = { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
const start = (port: number) =>
  startMetrics({ port, log, metrics: { contentType: 'text/plain; version=0.0.4', text: () => text() } });
const portOf = ({ url }: MetricsEndpoint) => Number(new URL(url).port);

/** Writes bytes to a socket. @returns all received bytes, and the time in ms until the close. */
function exchange(bytes: string, host = '127.0.0.1'): Promise<{ reply: string; ms: number }> {
  const began = performance.now();
  return new Promise((resolve, reject) => {
    let reply = '';
    const socket = connect({ port: portOf(endpoint), host }, () => void (bytes !== '' && socket.write(bytes)));
    socket.setEncoding('latin1').on('data', (chunk) => {
      reply += chunk;
    });
    socket.on('error', reject).on('close', () => resolve({ reply, ms: performance.now() - began }));
  });
}

/** The status and the whole response to a request over a raw socket. */
async function ask(line: string, host = 'localhost'): Promise<{ status: number; reply: string }> {
  const { reply } = await exchange(`${line} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
  return { status: Number(/^HTTP\/1\.1 (\d{3})/.exec(reply)?.[1]), reply };
}

beforeEach(async () => {
  lines = [];
  text = async () => 'made_up 1\n';
  endpoint = await start(0);
});
afterEach(() => endpoint.close());

describe('a valid request', () => {
  test('gets the current values, which no cache may store', async () => {
    const response = await fetch(endpoint.url);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4');
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(await response.text()).toBe('made_up 1\n');
    text = async () => 'made_up 2\n';
    expect(await (await fetch(endpoint.url)).text()).toBe('made_up 2\n');
  });

  test.each(['localhost', 'LOCALHOST:9464', '127.0.0.1', '127.0.0.1:9464', '[::1]:9464'])(
    'may use the host %s',
    async (host) => {
      expect((await ask('GET /metrics', host)).status).toBe(200);
    },
  );

  test('may have a query in its URL', async () => {
    expect((await ask('GET /metrics?name=x')).status).toBe(200);
  });
});

describe('an invalid request', () => {
  test.each([
    'evil.example.com',
    'evil.example.com:9464',
    'localhost.example.com',
    '127.0.0.1.example.com',
    'localhost:9464@evil.example.com',
    '10.0.0.7',
    '0.0.0.0',
    '127.1',
    'evil.example.com@localhost',
    '127.0.0.1/evil.example.com',
    '',
  ])('with the host "%s" is rejected, whatever its path and method', async (host) => {
    for (const line of ['GET /metrics', 'GET /', 'POST /metrics']) {
      const { status, reply } = await ask(line, host);
      expect(status).toBe(403);
      expect(reply).not.toContain('made_up');
    }
    expect(lines).toHaveLength(3);
    expect(JSON.stringify(lines)).not.toContain('example.com');
  });

  test.each(['/', '/metrics/', '/Metrics', '/healthz', '/mcp', '//metrics', '/x?/metrics'])(
    'finds nothing at %s',
    async (path) => {
      const { status, reply } = await ask(`GET ${path}`);
      expect(status).toBe(404);
      expect(reply).not.toContain('made_up');
    },
  );

  test.each(['POST', 'PUT', 'DELETE', 'HEAD', 'OPTIONS'])('cannot use %s', async (method) => {
    const { status, reply } = await ask(`${method} /metrics`);
    expect(status).toBe(405);
    expect(reply).toMatch(/^allow: GET\r$/im);
    expect(reply).not.toContain('made_up 1');
    expect(reply).not.toMatch(/^access-control-/im);
  });

  test('a request from another machine finds no server', async () => {
    const elsewhere = '127.0.0.2';
    await expect(exchange('GET /metrics HTTP/1.1\r\n\r\n', elsewhere)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  // This limit takes 5 s.
  test.each(onlyInFullRun(['has incomplete headers, or none,']))('%s and is closed', async () => {
    const [slow, silent] = await Promise.all([
      exchange('GET /metrics HTTP/1.1\r\nHost: localhost\r\nX-A: '),
      exchange(''),
    ]);
    for (const { reply, ms } of [slow, silent]) {
      expect(reply).not.toContain('made_up');
      expect(ms).toBeGreaterThan(4_000);
      expect(ms).toBeLessThan(18_000);
    }
  });

  test('has too large headers', async () => {
    const { status } = await ask(`GET /metrics HTTP/1.1\r\nX-Large: ${'a'.repeat(9_000)}\r\nX-Rest:`);
    expect(status).toBe(431);
  });
});

describe('the server', () => {
  test('writes the cause of a failure to the log, not to the response', async () => {
    text = () => Promise.reject(new Error('made-up fault'));
    const response = await fetch(endpoint.url);
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain('made-up fault');
    expect(lines).toMatchObject([{ at: 'error', message: 'metrics could not be read' }]);
    text = async () => 'made_up 3\n';
    expect((await fetch(endpoint.url)).status).toBe(200);
  });

  test('does not start if its port is in use', async () => {
    await expect(start(portOf(endpoint))).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });

  test('stops when it is closed, even with open connections', async () => {
    const held = exchange('GET /metrics HTTP/1.1\r\nHost: localhost\r\n');
    await fetch(endpoint.url);
    await endpoint.close();
    await held;
    await expect(fetch(endpoint.url)).rejects.toThrow();
  });
});
