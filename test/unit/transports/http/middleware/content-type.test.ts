import { describe, expect, test } from 'vitest';
import { contentType } from '../../../../../src/transports/http/middleware/content-type.ts';
import { exchangeOf } from './exchange-of.ts';

describe('content type', () => {
  const json = { 'content-type': 'application/json' };

  test.each([
    'application/json',
    'Application/JSON',
    'application/json; charset=utf-8',
    'application/json ;charset=utf-8',
  ])('%j is accepted', (type) => {
    expect(contentType(exchangeOf({ 'content-type': type }))).toBeUndefined();
  });

  test.each([
    undefined,
    '',
    'text/plain',
    'application/json-patch+json',
    'text/plain; x=application/json',
    'xapplication/json',
  ])('%j is rejected', (type) => {
    expect(contentType(exchangeOf({ 'content-type': type }))).toMatchObject({ status: 415, reason: 'content_type' });
  });

  test('a compressed body is rejected', () => {
    expect(contentType(exchangeOf({ ...json, 'content-encoding': 'Identity' }))).toBeUndefined();
    const compressed = contentType(exchangeOf({ ...json, 'content-encoding': 'gzip' }));
    expect(compressed).toMatchObject({ status: 415, reason: 'encoding' });
  });
});
