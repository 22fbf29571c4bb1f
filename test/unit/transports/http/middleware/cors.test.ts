import { describe, expect, test } from 'vitest';
import type { HttpError } from '../../../../../src/lib/http-error.ts';
import { cors } from '../../../../../src/transports/http/middleware/cors.ts';
import { ownHosts } from '../../../../../src/transports/http/middleware/host-validation.ts';
import { exchangeOf } from './exchange-of.ts';

const ORIGINS = ['https://app.example.com', 'http://app.example.com:8080'];
const isOwnHost = ownHosts({ host: '127.0.0.1', allowedHosts: ['Tools.Example.com'] });
const middleware = cors(ORIGINS, isOwnHost);
const check = (origin: string | undefined) =>
  middleware(exchangeOf({ host: 'localhost', origin })) as HttpError | undefined;

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
  ])('%j: %j', (origin, isAccepted) => {
    expect(check(origin)?.status).toBe(isAccepted ? undefined : 403);
  });

  test('a valid Host does not compensate for a foreign Origin', () => {
    expect(check('https://evil.example.com')?.reason).toBe('origin');
  });
});

describe('response headers', () => {
  const headersFor = (origin: string | undefined, allowedOrigins = ORIGINS) => {
    const exchange = exchangeOf({ host: 'localhost', origin });
    cors(allowedOrigins, isOwnHost)(exchange);
    const { 'x-request-id': _, ...headers } = exchange.response.getHeaders();
    return headers;
  };

  test('a listed page may read the response, and some of its headers', () => {
    expect(headersFor('https://app.example.com')).toEqual({
      vary: 'Origin',
      'access-control-allow-origin': 'https://app.example.com',
      'access-control-expose-headers': 'mcp-session-id, retry-after, www-authenticate, x-request-id',
    });
  });

  test('a page that may call but is not listed may not read the response', () => {
    for (const origin of ['http://localhost:6274', 'https://tools.example.com', undefined]) {
      expect(headersFor(origin)).toEqual({ vary: 'Origin' });
    }
  });

  test('without listed pages there are no CORS headers', () => {
    expect(headersFor('http://localhost:6274', [])).toEqual({});
  });
});
