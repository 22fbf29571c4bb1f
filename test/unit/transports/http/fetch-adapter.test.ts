import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { LIST } from '../../../support/clients/raw-http.ts';
import { type HttpHarness, startHttpHarness } from '../../../support/programs/http-harness.ts';

let harness: HttpHarness;
beforeAll(async () => {
  harness = await startHttpHarness();
});
afterAll(() => harness?.close());

/** The response to a request with exactly these headers and a Host. */
async function post(headers: string[], path = '/mcp'): Promise<string> {
  const { port, hostname } = new URL(harness.url);
  const body = JSON.stringify(LIST);
  const head = [`POST ${path} HTTP/1.1`, 'Host: localhost', 'Content-Type: application/json', ...headers];
  const socket = connect(Number(port), hostname);
  socket.write(`${head.join('\r\n')}\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
  let received = '';
  try {
    for await (const chunk of socket) {
      received += chunk;
      // The last chunk of a stream, or the end of a rejection.
      if (/\r\n0\r\n\r\n$|\}\}\}$/.test(received)) break;
    }
  } finally {
    socket.destroy();
  }
  return received;
}

test.each([
  ['Accept: application/json, text/event-stream'],
  ['Accept: text/event-stream,application/json'],
  ['Accept: Application/JSON, TEXT/event-stream'],
  ['Accept: */*'],
  ['Accept: */*;q=0.8'],
  ['Accept: application/json, */*; q=0.1'],
  ['Accept: application/*, text/*'],
  ['Accept: text/html, application/xhtml+xml, */*;q=0.8'],
  ['X-Without-Accept: 1'],
])('%s accepts both types', async (header) => {
  expect(await post([header])).toMatch(/^HTTP\/1.1 200 OK\r\n/);
});

test.each([
  ['Accept: application/json'],
  ['Accept: text/event-stream'],
  ['Accept: text/html'],
  ['Accept: application/json, text/*;q=0'],
  ['Accept: */*;q=0'],
])('%s does not accept both types', async (header) => {
  expect(await post([header])).toMatch(/^HTTP\/1.1 406 [\s\S]*\r\nconnection: close\r\n/i);
});

test('the connection of an event stream is kept or closed as the client asks', async () => {
  const reply = await post(['Accept: */*']);
  expect(reply).toMatch(/^content-type: text\/event-stream\r$/im);
  expect(reply.match(/^connection: .*$/gim)).toEqual(['Connection: keep-alive']);
  const closed = await post(['Accept: */*', 'Connection: close']);
  expect(closed).toMatch(/^content-type: text\/event-stream\r$/im);
  expect(closed.match(/^connection: .*$/gim)).toEqual(['Connection: close']);
});

test('the endpoint may end with one slash', async () => {
  expect(await post([], '/mcp/')).toMatch(/^HTTP\/1.1 200 OK\r\n/);
  expect(await post([], '/mcp/?a=1')).toMatch(/^HTTP\/1.1 200 OK\r\n/);
  for (const path of ['/mcp//', '//mcp', '/mcp/x', '/']) expect(await post([], path)).toMatch(/^HTTP\/1.1 404 /);
});
