import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { describe, expect, test } from 'vitest';
import { checkEncoding, checkSize, checkUrl, Guards, nameRequest } from '../../src/transports/guards.ts';

/** A request as node hands it on, of these headers. */
function requestWith(headers: Record<string, string | undefined>, url = '/mcp'): IncomingMessage {
  const request = new IncomingMessage(new Socket());
  request.url = url;
  request.method = 'POST';
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined) continue;
    request.headers[name] = value;
    request.rawHeaders.push(name, value);
  }
  return request;
}

const guards = new Guards({
  allowedHosts: ['Tools.Example.com'],
  allowedOrigins: ['https://app.example.com', 'http://app.example.com:8080'],
});

describe('Host', () => {
  test.each([
    ['localhost', true],
    ['LOCALHOST:3000', true],
    ['127.0.0.1:3000', true],
    ['[::1]:3000', true],
    ['tools.example.com', true],
    ['tools.example.com:443', true],
    ['tools.example.com.evil.example.com', false],
    ['evil.example.com', false],
    ['127.0.0.1.evil.example.com', false],
    ['127.0.0.2', false],
    ['', false],
    ['not a host', false],
  ])('%j: %j', (host, isIn) => {
    expect(guards.checkHost(requestWith({ host }))?.status).toBe(isIn ? undefined : 403);
  });

  test('none at all is no request of HTTP 1.1', () => {
    expect(guards.checkHost(requestWith({}))).toMatchObject({ status: 400, reason: 'no_host' });
  });

  test('a good Origin does not make up for it, nor the other way round', () => {
    const bad = { host: 'evil.example.com', origin: 'http://localhost:6274' };
    expect(guards.checkHost(requestWith(bad))?.reason).toBe('host');
    const worse = { host: 'localhost', origin: 'https://evil.example.com' };
    expect(guards.checkOrigin(requestWith(worse))?.reason).toBe('origin');
  });
});

describe('Origin', () => {
  test.each([
    [undefined, true],
    ['http://localhost:6274', true],
    ['http://127.0.0.1', true],
    ['https://tools.example.com', true],
    ['https://app.example.com', true],
    ['http://app.example.com:8080', true],
    ['http://app.example.com', false],
    ['https://app.example.com:8443', false],
    ['https://evil.example.com', false],
    ['https://app.example.com.evil.example.com', false],
    ['https://app.example.com, https://evil.example.com', false],
    ['null', false],
    ['file://', false],
    ['https://', false],
  ])('%j: %j', (origin, isIn) => {
    expect(guards.checkOrigin(requestWith({ host: 'localhost', origin }))?.status).toBe(isIn ? undefined : 403);
  });
});

describe('what a browser is told', () => {
  const told = (origin: string | undefined, of = guards) => {
    const request = requestWith({ host: 'localhost', origin });
    const response = new ServerResponse(request);
    of.allowPage(request, response);
    return response.getHeaders();
  };

  test('a listed page may read the answer, and what it has to know of its headers', () => {
    expect(told('https://app.example.com')).toEqual({
      vary: 'Origin',
      'access-control-allow-origin': 'https://app.example.com',
      'access-control-expose-headers': 'mcp-session-id, retry-after, www-authenticate, x-request-id',
    });
  });

  test('a page that may call, but is not listed, may not read it', () => {
    for (const origin of ['http://localhost:6274', 'https://tools.example.com', undefined]) {
      expect(told(origin)).toEqual({ vary: 'Origin' });
    }
  });

  test('where no page is listed, nothing is said', () => {
    expect(told('http://localhost:6274', new Guards({ allowedHosts: [], allowedOrigins: [] }))).toEqual({});
  });
});

test.each([
  ['/mcp', false],
  ['/mcp?', false],
  ['/mcp?session=1', false],
  ['/mcp?key=a', true],
  ['/mcp?xMcpKey=a', true],
  ['/mcp?X-API-KEY=a', true],
  ['/mcp?api_key=a', true],
  ['/mcp?access_token=a', true],
  ['/mcp?%6Bey=a', true],
  ['/mcp?a=1&Authorization=Bearer%20x', true],
  ['/mcp?token', true],
  ['/readyz?token=a', true],
  ['/healthz', false],
  ['/', false],
])('%s has a secret in it: %j', (url, hasOne) => {
  const refusal = checkUrl(requestWith({}, url));
  expect(refusal?.reason).toBe(hasOne ? 'secret_in_url' : undefined);
  if (hasOne) expect(refusal?.message).toMatch(/in X-API-KEY or Authorization: Bearer/);
});

test('headers and addresses have an end', () => {
  const headers = (count: number) =>
    requestWith(Object.fromEntries(Array.from({ length: count }, (_, index) => [`x-${index}`, '1'])));
  expect(checkSize(headers(100))).toBeUndefined();
  expect(checkSize(headers(101))).toMatchObject({ status: 431, reason: 'too_many_headers' });
  expect(checkSize(requestWith({}, `/mcp?${'a'.repeat(2_043)}`))).toBeUndefined();
  expect(checkSize(requestWith({}, `/mcp?${'a'.repeat(2_044)}`))).toMatchObject({ status: 414, reason: 'long_url' });
});

test('a body that is packed is not read', () => {
  expect(checkEncoding(requestWith({}))).toBeUndefined();
  expect(checkEncoding(requestWith({ 'content-encoding': 'Identity' }))).toBeUndefined();
  expect(checkEncoding(requestWith({ 'content-encoding': 'gzip' }))).toMatchObject({ status: 415 });
});

describe('the name of a request', () => {
  test.each(['0123456789abcdef', 'a3bb189e-8bf9-3888-9912-ace4e6543002', 'trace.0001_x'])('%s stays', (given) => {
    expect(nameRequest(requestWith({ 'x-request-id': given }))).toBe(given);
  });

  test.each([undefined, '', 'short', 'with space', 'a'.repeat(65), 'line\nbreak-here', '<script>alert</script>'])(
    '%j does not',
    (given) => {
      const name = nameRequest(requestWith({ 'x-request-id': given }));
      expect(name).toMatch(/^[0-9a-f]{16}$/);
      expect(nameRequest(requestWith({ 'x-request-id': given }))).not.toBe(name);
    },
  );
});
