import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { describe, expect, test } from 'vitest';
import { checkExpect, checkSize, checkType, checkUrl, Guards, nameRequest } from '../../src/transports/guards.ts';

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
  host: '127.0.0.1',
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
    // To a reader of URLs these are this machine.
    ['evil.example.com:x@127.0.0.1', false],
    ['evil.example.com@localhost', false],
    ['127.0.0.1/evil.example.com', false],
    ['localhost?evil.example.com', false],
    ['localhost#', false],
    ['0x7f.1', false],
    ['127.1', false],
    ['2130706433', false],
    ['%6cocalhost', false],
    ['ｌocalhost', false],
    ['localhost:', false],
    ['localhost:x', false],
    ['localhost:3000:3000', false],
    // No URL can be made of it.
    ['localhost:65536', false],
    ['[0:0:0:0:0:0:0:1]:3000', true],
    ['[::1', false],
    ['[:::1]', false],
    ['::1', false],
    ['[::ffff:127.0.0.1]', false],
  ])('%j: %j', (host, isIn) => {
    expect(guards.checkHost(requestWith({ host }))?.status).toBe(isIn ? undefined : 403);
  });

  test.each([
    ['192.0.2.2', ['192.0.2.2:3000', '192.0.2.2'], ['192.0.2.3', '127.0.0.2']],
    ['127.0.0.2', ['127.0.0.2:3000'], ['127.0.0.3']],
    ['Box.Example.com', ['box.example.com', 'BOX.example.com:3000'], ['example.com']],
    // As clients spell it, and as it is said at the start.
    ['127.0.514', ['127.0.2.2', '127.0.514:3000'], ['127.0.0.2']],
    ['2001:DB8:0:0::7', ['[2001:db8::7]:3000', '[2001:DB8:0:0::7]:3000'], ['[2001:db8::8]', '2001:db8::7']],
    // Everywhere is nowhere by name.
    ['0.0.0.0', [], ['0.0.0.0:3000', '192.0.2.2']],
    ['0', [], ['0', '0.0.0.0', '192.0.2.2']],
    ['::', [], ['[::]:3000', '::', '0.0.0.0', '192.0.2.2']],
    ['0:0:0:0:0:0:0:0', [], ['[::]', '[0:0:0:0:0:0:0:0]']],
    ['*', [], ['*', '192.0.2.2']],
  ])('listening on %s it answers to that, too: %j, not %j', (host, own, others) => {
    const listening = new Guards({ host, allowedHosts: [], allowedOrigins: [] });
    const isIn = (name: string) => listening.checkHost(requestWith({ host: name })) === undefined;
    expect(own.filter((name) => !isIn(name))).toEqual([]);
    expect(others.filter(isIn)).toEqual([]);
    expect(isIn('localhost:3000')).toBe(true);
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
    ['', false],
    ['localhost', false],
    ['chrome-extension://localhost', false],
    ['capacitor://localhost', false],
    ['http+unix://localhost', false],
    ['http://evil.example.com@localhost', false],
    ['http://localhost/', false],
    ['http://localhost, https://evil.example.com', false],
    ['http://[::1]:6274', true],
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
    expect(
      told('http://localhost:6274', new Guards({ host: 'localhost', allowedHosts: [], allowedOrigins: [] })),
    ).toEqual({});
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
  ['/mcp?a?token=a', true],
  ['/mcp?a=1?key=a', true],
  ['/mcp?a=1;key=a', true],
  ['/mcp??key=a', true],
  ['/mcp?pass=a', true],
  ['/mcp?pwd=a', true],
  ['/mcp?user_pwd=a', true],
  ['/mcp?jwt=a', true],
  ['/mcp?sig=a', true],
  ['/mcp?APIKey=a', true],
  ['/mcp?APIkey=a', true],
  ['/mcp?apikey=a', true],
  ['/mcp?API-KEY=a', true],
  ['/mcp?accesstoken=a', true],
  ['/mcp?keys[]=a', true],
  ['/mcp?key2=a', true],
  ['/mcp?Bearer%20a', true],
  ['/mcp?%zz&key=a', true],
  ['/mcp?made-up-word', true],
  ['/mcp?a=1&made-up-word', true],
  ['/mcp?made-up-wor', false],
  ['/mcp?bWFkZS11cCBrZXkgb2YgYSB0ZXN0=', true],
  ['/mcp?bWFkZS11cCBrZXkgb2YgYSB0ZXN0%3D%3D', true],
  ['/mcp?conversationId=', false],
  ['/mcp?a=made-up-word-of-an-argument', false],
  ['/mcp?monkey=1', false],
  ['/mcp?keyboard=1', false],
  ['/mcp?author=1', false],
  ['/mcp?compass=1&design=2&tokenizer=3', false],
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

describe('what a body says that it is', () => {
  const json = { 'content-type': 'application/json' };

  test.each([
    'application/json',
    'Application/JSON',
    'application/json; charset=utf-8',
    'application/json ;charset=utf-8',
  ])('%j is read', (type) => {
    expect(checkType(requestWith({ 'content-type': type }))).toBeUndefined();
  });

  test.each([
    undefined,
    '',
    'text/plain',
    'application/json-patch+json',
    'text/plain; x=application/json',
    'xapplication/json',
  ])('%j is not', (type) => {
    expect(checkType(requestWith({ 'content-type': type }))).toMatchObject({ status: 415, reason: 'content_type' });
  });

  test('packed it is not read', () => {
    expect(checkType(requestWith({ ...json, 'content-encoding': 'Identity' }))).toBeUndefined();
    const packed = checkType(requestWith({ ...json, 'content-encoding': 'gzip' }));
    expect(packed).toMatchObject({ status: 415, reason: 'encoding' });
  });
});

test('nothing can be expected but to be asked for the body', () => {
  for (const expect_ of [undefined, '100-continue', '100-Continue']) {
    expect(checkExpect(requestWith({ expect: expect_ }))).toBeUndefined();
  }
  for (const expect_ of ['foo', '', '100-continued', '100-continue, foo']) {
    expect(checkExpect(requestWith({ expect: expect_ }))).toMatchObject({ status: 417, reason: 'expectation' });
  }
});

describe('the name of a request', () => {
  test.each(['0123456789abcdef', 'a3bb189e-8bf9-3888-9912-ace4e6543002', 'trace.0001_x'])('%s stays', (given) => {
    expect(nameRequest(requestWith({ 'x-request-id': given }))).toBe(given);
  });

  test.each<Record<string, string>>([
    { 'x-api-key': 'made-up-key-0001' },
    { 'x-api-key': ' made-up-key-0001 ' },
    { authorization: 'Bearer made-up-key-0001' },
    { authorization: 'made-up-key-0001' },
    // More of it, or less.
    { authorization: 'Bearer hrmcp-made-up-key-0001-and-more' },
    { 'x-api-key': 'key-0001' },
    { 'x-api-key': 'another, made-up-key-0001' },
  ])('that is the key or token of %j is replaced', (presented) => {
    const given = { 'x-request-id': 'made-up-key-0001' };
    expect(nameRequest(requestWith({ ...presented, ...given }))).toMatch(/^[0-9a-f]{16}$/);
    expect(nameRequest(requestWith({ ...given, authorization: 'Bearer another', 'x-api-key': 'up' }))).toBe(
      'made-up-key-0001',
    );
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
