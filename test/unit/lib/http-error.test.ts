import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import {
  errorBody,
  type HttpError,
  httpError,
  isHttpError,
  retryLater,
  writeError,
} from '../../../src/lib/http-error.ts';

describe('an HTTP error', () => {
  test.each([
    [400, -32_600],
    [401, -32_600],
    [429, -32_600],
    [499, -32_600],
    [500, -32_603],
    [503, -32_603],
  ])('with status %i has the code %i', (status, code) => {
    expect(httpError(status, 'reason', 'Sentence.')).toEqual({
      status,
      code,
      reason: 'reason',
      message: 'Sentence.',
      headers: {},
    });
  });

  test('may have another code, and headers', () => {
    const refusal = httpError(400, 'reason', 'Sentence.', { code: -32_700, headers: { allow: 'POST' } });
    expect(refusal).toMatchObject({ code: -32_700, headers: { allow: 'POST' } });
  });

  test.each([
    [429 as const, undefined, '1'],
    [503 as const, 30, '30'],
  ])('that is temporary, with status %i, says when to retry', (status, seconds, told) => {
    expect(retryLater(status, 'reason', 'Sentence.', seconds).headers).toEqual({ 'retry-after': told });
  });

  test('is distinguished from a principal and from a slot', () => {
    expect(isHttpError(httpError(400, 'reason', 'Sentence.'))).toBe(true);
    expect(isHttpError({ name: 'own', client: undefined })).toBe(false);
    expect(isHttpError({ leave() {} })).toBe(false);
  });

  test.each([
    [undefined, null],
    [7, 7],
    ['seven', 'seven'],
    [0, 0],
  ])('for the request id %j has the id %j', (id, shown) => {
    expect(errorBody(httpError(400, 'reason', 'Sentence.'), 'name-of-request', id)).toEqual({
      jsonrpc: '2.0',
      id: shown,
      error: { code: -32_600, message: 'Sentence.', data: { requestId: 'name-of-request' } },
    });
  });
});

/** The response to an HTTP error. */
async function answered(refusal: HttpError, id?: unknown): Promise<Response> {
  const server = createServer((_, response) => {
    writeError(response, refusal, 'name-of-request', id);
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const reply = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  const body = await reply.text();
  server.close();
  return new Response(body, { status: reply.status, headers: reply.headers });
}

test('an HTTP error is sent as uncacheable JSON, with its headers and its length in bytes', async () => {
  const reply = await answered(retryLater(429, 'reason', 'Später.', 3), 'seven');
  expect(reply.status).toBe(429);
  expect(Object.fromEntries(reply.headers)).toMatchObject({
    'content-type': 'application/json',
    'cache-control': 'no-store',
    'retry-after': '3',
  });
  expect(reply.headers.get('content-length')).toBe(String(Buffer.byteLength(await reply.clone().text())));
  expect(await reply.json()).toMatchObject({ id: 'seven', error: { message: 'Später.' } });
});
