import { expect, test } from 'vitest';
import { requestLimits } from '../../../../../src/transports/http/middleware/request-limits.ts';
import { exchangeOf } from './exchange-of.ts';

test('headers and URLs have a limit', () => {
  const headers = (count: number) =>
    exchangeOf(Object.fromEntries(Array.from({ length: count }, (_, index) => [`x-${index}`, '1'])));
  expect(requestLimits(headers(100))).toBeUndefined();
  expect(requestLimits(headers(101))).toMatchObject({ status: 431, reason: 'too_many_headers' });
  expect(requestLimits(exchangeOf({}, `/mcp?${'a'.repeat(2_043)}`))).toBeUndefined();
  expect(requestLimits(exchangeOf({}, `/mcp?${'a'.repeat(2_044)}`))).toMatchObject({ status: 414, reason: 'long_url' });
});

test.each(['Host', 'content-type', 'ORIGIN'])('a second %s is rejected, even with an equal value', (name) => {
  const exchange = exchangeOf({ host: 'localhost', 'content-type': 'application/json', origin: 'http://localhost' });
  expect(requestLimits(exchange)).toBeUndefined();
  exchange.request.rawHeaders.push(name, exchange.request.headers[name.toLowerCase()] as string);
  expect(requestLimits(exchange)).toMatchObject({ status: 400, reason: 'repeated_header' });
});

test('the value of a header may be the name of another header', () => {
  const exchange = exchangeOf({ host: 'host', 'x-a': 'host', 'x-b': 'host' });
  expect(requestLimits(exchange)).toBeUndefined();
});

test('the only accepted transfer coding is chunked', () => {
  for (const value of [undefined, 'chunked', 'Chunked']) {
    expect(requestLimits(exchangeOf({ 'transfer-encoding': value }))).toBeUndefined();
  }
  for (const value of ['gzip, chunked', 'chunked, chunked', 'identity', '']) {
    expect(requestLimits(exchangeOf({ 'transfer-encoding': value }))).toMatchObject({
      status: 400,
      reason: 'transfer_coding',
    });
  }
});

test('the only accepted Expect is 100-continue', () => {
  for (const value of [undefined, '100-continue', '100-Continue']) {
    expect(requestLimits(exchangeOf({ expect: value }))).toBeUndefined();
  }
  for (const value of ['foo', '', '100-continued', '100-continue, foo']) {
    expect(requestLimits(exchangeOf({ expect: value }))).toMatchObject({ status: 417, reason: 'expectation' });
  }
});
