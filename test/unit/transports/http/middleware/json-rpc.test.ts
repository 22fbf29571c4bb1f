import { describe, expect, test } from 'vitest';
import { jsonRpc } from '../../../../../src/transports/http/middleware/json-rpc.ts';
import { exchangeOf } from './exchange-of.ts';

/** The result of the middleware for a body. */
function take(message: unknown) {
  const exchange = exchangeOf({});
  exchange.message = message;
  return { rejection: jsonRpc(exchange), message: exchange.message, ids: exchange.ids };
}

const request = (id: unknown, further: object = {}) => ({ jsonrpc: '2.0', id, method: 'ping', ...further });
const notification = { jsonrpc: '2.0', method: 'notifications/initialized' };
const response = { jsonrpc: '2.0', id: 1, result: {} };
const many = (count: number, message: unknown) => Array<unknown>(count).fill(message);

describe('a batch', () => {
  test('a batch of 64 messages is accepted', () => {
    const requests = Array.from({ length: 64 }, (_, id) => request(id));
    expect(take(requests)).toMatchObject({ rejection: undefined, ids: requests.map(({ id }) => id) });
    expect(take(many(64, notification)).rejection).toBeUndefined();
  });

  test.each([
    ['requests', Array.from({ length: 65 }, (_, id) => request(id))],
    ['notifications', many(65, notification)],
    ['responses', many(65, response)],
    ['values that are not messages', many(65, 1)],
    ['all kinds together', [...many(30, notification), ...many(34, response), request(1)]],
  ])('of 65 %s is rejected', (_, messages) => {
    expect(take(messages).rejection).toMatchObject({ status: 400, reason: 'large_batch' });
  });

  test.each([[[request(1), request(2), request(1)]], [[request('a'), notification, request('a')]]])(
    'with equal ids is rejected: %j',
    (messages) => {
      expect(take(messages).rejection).toMatchObject({ status: 400, reason: 'equal_ids' });
    },
  );

  test('a number and a text are different ids, and responses have separate ids', () => {
    expect(take([request(1), request('1'), response, response]).rejection).toBeUndefined();
  });

  test('a batch with invalid params in one message is rejected', () => {
    const { rejection } = take([request(1), request(2, { params: [] })]);
    expect(rejection).toMatchObject({ status: 400, code: -32_602, reason: 'invalid_params' });
  });
});

test('null params count as absent', () => {
  expect(take(request(1, { params: null })).message).toEqual(request(1));
  expect(take([request(1, { params: { _meta: null } })]).message).toEqual([request(1, { params: {} })]);
});
