import { describe, expect, test } from 'vitest';
import { requestIdOf } from '../../../../src/transports/http/request-id.ts';
import { exchangeOf } from './middleware/exchange-of.ts';

const requestOf = (headers: Record<string, string | undefined>) => exchangeOf(headers).request;

describe('request id', () => {
  test.each(['0123456789abcdef', 'a3bb189e-8bf9-3888-9912-ace4e6543002', 'trace.0001_x'])('%s is used', (requested) => {
    expect(requestIdOf(requestOf({ 'x-request-id': requested }))).toBe(requested);
  });

  test.each<Record<string, string>>([
    { 'x-api-key': 'made-up-key-0001' },
    { 'x-api-key': ' made-up-key-0001 ' },
    { authorization: 'Bearer made-up-key-0001' },
    { authorization: 'made-up-key-0001' },
    // The request id is a part of the token, or the key is a part of the request id.
    { authorization: 'Bearer hrmcp-made-up-key-0001-and-more' },
    { 'x-api-key': 'key-0001' },
    { 'x-api-key': 'another, made-up-key-0001' },
  ])('a request id that reveals %j is replaced', (credentials) => {
    const requested = { 'x-request-id': 'made-up-key-0001' };
    expect(requestIdOf(requestOf({ ...credentials, ...requested }))).toMatch(/^[0-9a-f]{16}$/);
    expect(requestIdOf(requestOf({ ...requested, authorization: 'Bearer another', 'x-api-key': 'up' }))).toBe(
      'made-up-key-0001',
    );
  });

  test.each([undefined, '', 'short', 'with space', 'a'.repeat(65), 'line\nbreak-here', '<script>alert</script>'])(
    '%j is replaced',
    (requested) => {
      const id = requestIdOf(requestOf({ 'x-request-id': requested }));
      expect(id).toMatch(/^[0-9a-f]{16}$/);
      expect(requestIdOf(requestOf({ 'x-request-id': requested }))).not.toBe(id);
    },
  );
});
