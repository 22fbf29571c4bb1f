import { expect, test } from 'vitest';
import type { HttpError } from '../../../../../src/lib/http-error.ts';
import { secretInUrl } from '../../../../../src/transports/http/middleware/secret-in-url.ts';
import { exchangeOf } from './exchange-of.ts';

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
])('%s contains a secret: %j', (url, hasSecret) => {
  const error = secretInUrl(exchangeOf({}, url)) as HttpError | undefined;
  expect(error?.reason).toBe(hasSecret ? 'secret_in_url' : undefined);
  if (hasSecret) expect(error?.message).toMatch(/in X-API-KEY or Authorization: Bearer/);
});
